import { createModelCall } from '@guardspan/policy';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/audit/verify-chain.js';
import type { Authenticator } from '../../src/auth/types.js';
import { loadConfig } from '../../src/config/load-config.js';
import { assemble, type Assembly } from '../../src/serve/assemble.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/types.js';
import { failingCalls } from './support/failing-calls.js';

const T0 = 1_700_000_000;
const ERRORS = failingCalls();

let store: Store;
let now: number;
let ids: number;
let running: Assembly[];
beforeEach(() => {
  store = createMemoryStore();
  now = T0;
  ids = 0;
  running = [];
});
afterEach(async () => {
  for (const one of running) await one.close();
  await store.close();
});

async function start(singleUser = true): Promise<Assembly> {
  const auth: Authenticator = {
    singleUser,
    authenticate: () => ({ ok: false, reason: 'missing', retryAfter: 0 }),
  };
  const assembly = await assemble(loadConfig({ flags: { singleUser: true, store: 'memory' } }), {
    store,
    auth,
    log: pino({ level: 'silent' }),
    now: () => now,
    newId: () => (++ids).toString(16).padStart(32, '0'),
  });
  running.push(assembly);
  return assembly;
}
async function stop(assembly: Assembly): Promise<void> {
  running.splice(running.indexOf(assembly), 1);
  await assembly.close();
}
const system = async (): Promise<unknown[]> => (await store.queryAudit({ kind: 'system' })).map(({ body }) => body);
/** Brings the guard-rail into force as its directory would. */
async function publish(assembly: Assembly): Promise<void> {
  const origin = { file: 'errors.yaml', origin: 'git', author: 'git:errors.yaml', approver: 'git' } as const;
  const how = { expected: undefined, dryRun: false, allowPartial: true };
  await assembly.documents.publish({ text: ERRORS, ...origin, ...how });
}
/** Calls that fail, durable when it resolves. */
async function failing(assembly: Assembly): Promise<void> {
  const calls = Array.from({ length: 20 }, (_, n) => {
    const call = { ...createModelCall(), startedAt: now, service: 'shop' };
    call.model.name = 'risk';
    call.error.type = 'Timeout';
    const id = { traceId: String(n + 1).padStart(32, '1'), spanId: String(n + 1).padStart(16, '2'), callId: '' };
    return { call, id, source: 'feed' as const, sampled: false, instance: 'i', incarnation: 'n' };
  });
  assembly.sink.accept(calls, now);
  await assembly.sink.durable();
}

describe('the audit of an evaluator', () => {
  it('says when it started, without tokens or with, and when it stopped', async () => {
    await stop(await start());
    await stop(await start(false));
    expect(await system()).toEqual([
      { change: 'started', version: expect.any(String), epoch: 1, approvals: false },
      { change: 'single_user', approvals: false },
      { change: 'stopped', epoch: 1 },
      { change: 'started', version: expect.any(String), epoch: 2, approvals: true },
      { change: 'stopped', epoch: 2 },
    ]);
    expect(verifyChain(await store.queryAudit({})).valid).toBe(true);
  });
});

describe('retention', () => {
  it('is applied after the start and once an hour', async () => {
    const old = { kind: 'override' as const, actor: 'x', guardrail: '', traceId: '', verdictId: '', body: {} };
    const overrides = async (): Promise<number> => (await store.queryAudit({ kind: 'override' })).length;
    const assembly = await start();
    const times: number[] = [];
    const prune = store.prune.bind(store);
    store.prune = (at) => {
      times.push(at - T0);
      return prune(at);
    };
    await store.appendAudit([{ ...old, at: 1 }]);
    await assembly.sink.durable();
    for (const seconds of [0, 1800, 3599, 3600, 5000, 7200]) {
      now = T0 + seconds;
      assembly.tick();
    }
    await assembly.sink.durable();
    expect(times).toEqual([0, 3600, 7200]);
    expect(await overrides()).toBe(0);
  });
});

describe('a release that was recorded when the evaluator died', () => {
  it('is carried out at the next start', async () => {
    const first = await start();
    await publish(first);
    await failing(first);
    const [verdict] = await store.verdicts({ active: true });
    expect(verdict).toMatchObject({ guardrail: 'errors', state: 'firing' });
    expect(await store.activeDirectives()).toHaveLength(1);

    // What the API makes durable; the process ends before the engine is told.
    expect(await store.releaseVerdict(verdict!.id, now, { audit: [] })).toBe(true);
    running.splice(0);
    now += 1;
    const second = await start();
    expect(second.channel.outgoing).toBeDefined();
    await second.sink.durable();
    expect(await store.activeDirectives()).toEqual([]);
    expect(await store.verdicts({ active: true })).toEqual([]);
    const states = (await store.loadCheckpoint()).series.map(({ state }) => state);
    expect(states.some((state) => state.includes('firing'))).toBe(false);
  });

  it('is not invented: what fires goes on firing', async () => {
    const first = await start();
    await publish(first);
    await failing(first);
    running.splice(0);
    const second = await start();
    await second.sink.durable();
    expect(await store.activeDirectives()).toHaveLength(1);
    expect(await store.verdicts({ active: true })).toHaveLength(1);
  });
});
