import { createModelCall, loadGuardrails } from '@guardspan/policy';
import type { RecordedCall } from '@guardspan/policy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.js';
import { startHarness, type Harness } from './harness.js';

/** 08:00 UTC. */
const T0 = 1_800_000_000;
const text = (managedBy: string): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: errors, managedBy: ${managedBy} }
spec:
  over:
    every: 60s
    groupBy: [model]
    test:
      rate:
        of: "error.type != ''"
        # What was approved in May.
        baseline: { model: router, calls: 2400, events: 24, season: { by: hourOfDay,
          calls: [100,100,100,100,100,100,100,100,100,100,100,100,100,100,100,100,100,100,100,100,100,100,100,100],
          events: [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1] } }
    promise: { falseAlarms: 1, per: 30d }
  action: { annotate: { attributes: { a: b } } }
  mode: warn
`;

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.close());

/** Calls of two hours, one a second and every fiftieth failed, counted by the engine and stored. */
async function counted(models: readonly string[]): Promise<void> {
  const engine = createEngine({ newId: () => 'id' });
  const [revised] = h.published.at(-1)!;
  engine.load([revised!], T0);
  for (let from = 0; from < 7_200; from += 60) {
    const calls = Array.from({ length: 60 }, (_, i): RecordedCall => {
      const call = createModelCall();
      call.model.name = models[i % models.length]!;
      call.startedAt = T0 + from + i;
      call.error.type = (from + i) % 50 === 0 ? 'timeout' : '';
      const id = { traceId: '', spanId: '', callId: String(from + i) };
      return { call, id, source: 'feed', sampled: false, instance: '', incarnation: '' };
    });
    engine.accept(calls, T0 + from + 60);
  }
  engine.tick(T0 + 7_300);
  await h.store.commitCheckpoint(engine.takeCheckpoint());
  h.deps.engine = engine;
  h.deps.clock = () => T0 + 7_300;
}

const publish = (managedBy: string): Promise<Response> =>
  h.call('PUT', `/api/v1/guardrails/errors?origin=${managedBy}`, 'ada-admin', {
    body: text(managedBy),
    headers: { 'if-none-match': '*' },
  });
const propose = (body: unknown = {}, as = 'eddie-editor'): Promise<Response> =>
  h.call('POST', '/api/v1/guardrails/errors/baseline', as, { body });

describe('a new baseline', () => {
  it('is made of what was counted, waits for another person, and is on record', async () => {
    await publish('ui');
    await counted(['router']);
    const before = h.published.length;
    const proposed = await propose();
    expect(proposed.status).toBe(202);
    const { outcome, source, baseline } = (await proposed.json()) as {
      outcome: string;
      source: string;
      baseline: { calls: number; events: number; season: { calls: number[]; events: number[] } };
    };
    expect(outcome).toBe('proposed');
    expect(baseline).toMatchObject({ model: 'router', calls: 7_200, events: 144, from: T0, to: T0 + 7_200 });
    expect(baseline.season.calls.slice(7, 11)).toEqual([0, 3_600, 3_600, 0]);
    expect(baseline.season.events.slice(7, 11)).toEqual([0, 72, 72, 0]);
    // The document keeps its comments, and nothing of it is in force.
    expect(source).toContain('# What was approved in May.');
    expect(loadGuardrails(source, { file: 'x' }).errors).toEqual([]);
    expect(h.published.length).toBe(before);

    expect((await h.call('POST', '/api/v1/proposals/guardrails/errors/approve', 'eddie-editor')).status).toBe(403);
    expect((await h.call('POST', '/api/v1/proposals/guardrails/errors/approve', 'anna-approver')).status).toBe(200);
    const [inForce] = h.published.at(-1)!;
    expect(inForce!.guardrail.spec.over!.evidence!.test).toMatchObject({ baseline: { calls: 7_200, events: 144 } });
    const audit = await h.store.queryAudit({ kind: 'document', guardrail: 'errors' });
    expect(audit.slice(-2).map(({ actor, body }) => [actor, body])).toMatchObject([
      ['eddie-editor', { change: 'proposed', reason: 'it replaces the baseline of its test.' }],
      ['eddie-editor', { change: 'updated', approver: 'anna-approver' }],
    ]);
  });

  it('is refused to its own author, also when an approver proposes it', async () => {
    await publish('ui');
    await counted(['router']);
    expect((await propose({}, 'anna-approver')).status).toBe(202);
    const refused = await h.call('POST', '/api/v1/proposals/guardrails/errors/approve', 'anna-approver');
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      403,
      'GUARDSPAN_SECOND_PERSON',
    ]);
  });

  it('takes open buckets and other times for nothing, and a dry run changes nothing', async () => {
    await publish('ui');
    await counted(['router']);
    const dry = await propose({ from: T0 + 3_600, to: T0 + 1e6, dryRun: true });
    expect(dry.status).toBe(200);
    expect(await dry.json()).toMatchObject({ outcome: 'valid', baseline: { calls: 3_600, events: 72 } });
    expect(h.deps.documents.proposals()).toEqual([]);
    const none = await propose({ from: 1, to: 2 });
    expect([none.status, ((await none.json()) as { code: string }).code]).toEqual([409, 'GUARDSPAN_NO_BASELINE']);
  });

  it('comes from one series only', async () => {
    await publish('ui');
    await counted(['router', 'other']);
    const several = await propose();
    expect(several.status).toBe(409);
    expect(((await several.json()) as { detail: string }).detail).toBe(
      '2 series fit: {"model":"router"}, {"model":"other"}.',
    );
    expect((await propose({ series: { model: 'router' } })).status).toBe(202);
  });

  it('of a document that git owns is handed over to be committed there', async () => {
    await publish('git');
    await counted(['router']);
    const answer = await propose();
    expect(answer.status).toBe(200);
    const { outcome, warnings, source } = (await answer.json()) as {
      outcome: string;
      warnings: string[];
      source: string;
    };
    expect(outcome).toBe('valid');
    expect(warnings.at(-1)).toContain('commit `source` to its repository');
    expect(source).toContain('calls: 7200');
    expect(h.deps.documents.proposals()).toEqual([]);
  });
});
