import { expect, it } from 'vitest';
import { KillSwitches } from '../../src/channel/kill-switches.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { StoreError } from '../../src/store/store-error.js';
import type { AuditEntry, Store } from '../../src/store/types.js';

const scope = { guardrail: '', model: '', service: '' };
const entry = (body: unknown): AuditEntry => ({
  kind: 'kill',
  at: 1,
  actor: 'ann',
  guardrail: '',
  traceId: '',
  verdictId: '',
  body,
});
const input = (id: string, expiresIn = 0): Parameters<KillSwitches['engage']>[0] => ({
  id,
  scope,
  reason: 'r',
  by: 'ann',
  expiresIn,
});

async function started(store: Store, now = 10): Promise<{ kill: KillSwitches; told: string[] }> {
  const told: string[] = [];
  const kill = new KillSwitches({
    store,
    now: () => now,
    events: { publish: ({ data }) => told.push(String(data['change'])) },
    changed: () => told.push('changed'),
  });
  await kill.restore();
  return { kill, told };
}
const ids = (kill: KillSwitches): string[] => kill.list().map(({ id }) => id);

it('keeps all switches over a restart, but those that were lifted or are over', async () => {
  const store = createMemoryStore();
  const { kill } = await started(store);
  await Promise.all(['a', 'b', 'c'].map((id) => kill.engage(input(id), () => entry(id))));
  await kill.engage(input('short', 5), () => entry('short'));
  expect(await kill.lift('b', () => entry('lifted'))).toMatchObject({ id: 'b', until: 10 });
  expect(ids((await started(store, 12)).kill)).toEqual(['a', 'c', 'short']);
  expect(ids((await started(store, 16)).kill)).toEqual(['a', 'c']);
  expect((await store.queryAudit({})).map(({ body }) => body)).toEqual(['a', 'b', 'c', 'short', 'lifted']);
  await store.close();
});

it('tells nobody of a switch that could not be put on record', async () => {
  const store = createMemoryStore();
  const { kill, told } = await started(store);
  await expect(kill.engage(input('a'), () => entry(1n))).rejects.toMatchObject({ code: 'GUARDSPAN_STORE_INPUT' });
  expect([ids(kill), told, await store.killSwitches()]).toEqual([[], [], []]);
  await kill.engage(input('a'), () => entry('ok'));
  await expect(kill.lift('a', () => entry(1n))).rejects.toMatchObject({ code: 'GUARDSPAN_STORE_INPUT' });
  expect([ids(kill), told]).toEqual([['a'], ['changed', 'engaged']]);
  await store.close();
});

it('lifts a switch once, however many ask at a time', async () => {
  const store = createMemoryStore();
  const { kill } = await started(store);
  await kill.engage(input('a'), () => entry('engaged'));
  const lifted = await Promise.all([1, 2].map(() => kill.lift('a', () => entry('lifted'))));
  expect(lifted.map((one) => one !== undefined)).toEqual([true, false]);
  expect((await store.queryAudit({})).map(({ body }) => body)).toEqual(['engaged', 'lifted']);
  await store.close();
});

it('acts when the disk takes no writes, and records it once, as soon as the disk takes it', async () => {
  const store = createMemoryStore();
  const put = store.putKillSwitches.bind(store);
  store.putKillSwitches = () => Promise.reject(new StoreError('GUARDSPAN_STORE_COMMIT', 'full', 'free space'));
  const { kill, told } = await started(store);
  for (let i = 0; i < 101; i++)
    await expect(kill.engage(input(String(i)), () => entry(i))).rejects.toMatchObject({
      code: 'GUARDSPAN_STORE_COMMIT',
    });
  expect(ids(kill)).toHaveLength(100);
  expect(told).toContain('engaged');
  kill.tick();
  await new Promise(setImmediate);
  expect(await store.queryAudit({})).toEqual([]);
  store.putKillSwitches = put;
  for (let i = 0; i < 3; i++) kill.tick();
  await expect.poll(async () => (await store.killSwitches()).length, { timeout: 10_000 }).toBe(100);
  expect(await store.queryAudit({ limit: 200 })).toHaveLength(100);
  await store.close();
});
