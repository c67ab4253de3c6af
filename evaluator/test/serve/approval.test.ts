import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createModelCall } from '@guardspan/policy';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.js';
import { assemble, type Assembly } from '../../src/serve/assemble.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/types.js';
import { failingCalls } from './support/failing-calls.js';

const T0 = 1_700_000_000;
const ERRORS = failingCalls('{timeout: 15m, onTimeout: execute}');

let store: Store;
let now: number;
let ids: number;
let calls: number;
let closers: (() => Promise<unknown>)[];
beforeEach(() => {
  store = createMemoryStore();
  now = T0;
  ids = 0;
  calls = 0;
  closers = [() => store.close()];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

async function start(): Promise<Assembly & { url: string }> {
  const assembly = await assemble(loadConfig({ flags: { singleUser: true, store: 'memory' } }), {
    store,
    auth: {
      singleUser: false,
      authenticate: (authorization) =>
        authorization === undefined
          ? { ok: false, reason: 'missing', retryAfter: 0 }
          : { ok: true, principal: { name: 'ada', role: 'approver', services: [], models: [] } },
    },
    log: pino({ level: 'silent' }),
    now: () => now,
    newId: () => (++ids).toString(16).padStart(32, '0'),
  });
  const server: Server = createServer((request, response) => void assembly.api(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
    await assembly.close();
  });
  return { ...assembly, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function publish({ documents }: Assembly): Promise<void> {
  const git = { origin: 'git', author: 'git:errors.yaml', approver: 'git', expected: undefined } as const;
  await documents.publish({ ...git, text: ERRORS, file: 'errors.yaml', dryRun: false, allowPartial: true });
}

/** Calls that fail or not, durable when it resolves. */
async function take(assembly: Assembly, failing: boolean, count = 20): Promise<void> {
  const records = Array.from({ length: count }, () => {
    const call = { ...createModelCall(), startedAt: now, service: 'shop' };
    call.model.name = 'risk';
    if (failing) call.error.type = 'Timeout';
    const id = { traceId: String(++calls).padStart(32, '0'), spanId: String(calls).padStart(16, '0'), callId: '' };
    return { call, id, source: 'feed' as const, sampled: false, instance: 'i', incarnation: 'n' };
  });
  assembly.sink.accept(records, now);
  await assembly.sink.durable();
}

/** What of the answers is looked at. */
interface Answer {
  items: { state: string }[];
  pending: { verdictId: string; until: number }[];
}

async function ask(url: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }> {
  const response = await fetch(`${url}/api/v1/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer };
}

async function state(url: string): Promise<unknown> {
  const { body } = await ask(url, 'directives');
  const series = await ask(url, 'series');
  return {
    acting: body.items.length,
    waiting: body.pending.length,
    series: series.body.items.map(({ state }) => state),
  };
}

describe('an evaluator whose guard-rail asks before it acts', () => {
  it('waits, tells the alert, keeps that over kill -9, and acts on an approval that is on record', async () => {
    const before = await start();
    await publish(before);
    await take(before, true);
    expect(await state(before.url)).toEqual({ acting: 0, waiting: 1, series: ['firing'] });
    expect(before.alerts.alerts()[0]!.annotations).toMatchObject({
      approval: expect.stringMatching(
        /^The action waits for a person: guardspan verdicts approve \w+ .* until .*it is taken\.$/,
      ),
    });
    // Nothing is closed: the first one is as good as killed.
    now += 60;
    const after = await start();
    expect(await state(after.url)).toEqual({ acting: 0, waiting: 1, series: ['firing'] });
    const { verdictId, until } = (await ask(after.url, 'directives')).body.pending[0]!;
    expect(until).toBe(T0 + 900);
    expect(await ask(after.url, `directives/${verdictId}/approve`, { reason: 'seen it' })).toEqual({
      ...{ status: 200, body: { approved: true } },
    });
    expect(await state(after.url)).toEqual({ acting: 1, waiting: 0, series: ['firing'] });
    expect(after.alerts.alerts()[0]!.annotations).not.toHaveProperty('approval');
    expect((await ask(after.url, `directives/${verdictId}/approve`, { reason: 'again' })).status).toBe(404);
    const [record] = await store.queryAudit({ kind: 'override' });
    expect(record).toMatchObject({ actor: 'ada', verdictId, body: { change: 'approved', reason: 'seen it' } });
    await after.refresh();
    const { text } = await after.metrics.scrape();
    expect(text).toContain('guardspan_directives_pending{guardrail="errors"} 0');
  });

  it('acts when nobody answered in time, also while it was away', async () => {
    const before = await start();
    await publish(before);
    await take(before, true);
    now += 1000;
    const after = await start();
    after.tick();
    expect(await state(after.url)).toMatchObject({ acting: 1, waiting: 0 });
  });

  it('judges on ordinary calls while nothing is withheld, so that what passes by itself needs nobody', async () => {
    const assembly = await start();
    await publish(assembly);
    await take(assembly, true);
    const { verdictId } = (await ask(assembly.url, 'directives')).body.pending[0]!;
    expect((await ask(assembly.url, `directives/${verdictId}/reject`, { reason: 'a test of load' })).body).toEqual({
      rejected: true,
    });
    expect(await state(assembly.url)).toEqual({ acting: 0, waiting: 0, series: ['firing'] });
    now += 90;
    await take(assembly, false);
    expect(await state(assembly.url)).toEqual({ acting: 0, waiting: 0, series: ['ok'] });
  });
});
