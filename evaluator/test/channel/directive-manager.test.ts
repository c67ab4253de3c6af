import type { RevisedGuardrail } from '@guardspan/policy';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ActiveDirective } from '../../src/channel/directives/active-directive.js';
import { DirectiveManager } from '../../src/channel/directives/directive-manager.js';
import { Recorder } from '../../src/channel/directives/recorder.js';
import type { EvidenceReport } from '../../src/engine/evidence/report.js';
import type { SeriesState, Transition } from '../../src/engine/types.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { windowed } from './support/guardrail.js';

let now: number;
let ids: number;
let log: string[];
let recorder: Recorder;
let guardrails: RevisedGuardrail[];

function manager(epoch = 1): DirectiveManager {
  const made = new DirectiveManager({
    epoch,
    lease: 60,
    now: () => now,
    newId: () => `d${++ids}`,
    guardrail: (name) => guardrails.find(({ guardrail }) => guardrail.metadata.name === name),
    recorder,
    metrics: new Metrics(),
    events: { publish: () => undefined },
    reach: () => ({ matching: 1, applied: 0 }),
  });
  made.listen({
    issued: ({ wire }) => log.push(`issued ${wire.id}`),
    released: ({ wire }, reason) => log.push(`released ${wire.id} ${reason}`),
    renewed: (due: readonly ActiveDirective[]) => log.push(`renewed ${due.map(({ wire }) => wire.id).join(' ')}`),
  });
  return made;
}

function transition(model: string, from: SeriesState, to: SeriesState, guardrail = guardrails[0]!): Transition {
  return {
    verdictId: `v-${model}`,
    at: now,
    guardrail: guardrail.guardrail.metadata.name,
    revision: guardrail.revision,
    series: { model },
    from,
    to,
    code: to === 'ok' ? 'recovered' : 'condition',
    message: 'failed is 0.9',
    trace: [],
    signals: { failed: { value: 0.9, samples: 20, lower: 0.7, upper: 0.97 } },
    exampleTraceIds: ['a'.repeat(32)],
  };
}

beforeEach(() => {
  now = 1000;
  ids = 0;
  log = [];
  recorder = new Recorder();
  guardrails = [windowed('errors')];
});

describe('directives', () => {
  it('issues one per scope when a series fires, and releases it when it is ok again', () => {
    const directives = manager();
    directives.onTransition(transition('risk-a', 'ok', 'firing'));
    directives.onTransition(transition('risk-a', 'firing', 'probing'));
    directives.onTransition(transition('risk-a', 'probing', 'firing'));
    expect(directives.active()).toMatchObject([{ id: 'd1', scope: { model: 'risk-a' }, leaseUntil: 1060, epoch: 1 }]);
    directives.onTransition(transition('risk-a', 'probing', 'ok'));
    expect(directives.active()).toEqual([]);
    expect(log).toEqual(['issued d1', 'released d1 recovered']);
  });

  it('renews at a third of the lease, and with it what has reached a sixth', () => {
    const directives = manager();
    directives.onTransition(transition('risk-a', 'ok', 'firing'));
    now += 5;
    directives.onTransition(transition('risk-b', 'ok', 'firing'));
    now += 10;
    directives.onTransition(transition('risk-c', 'ok', 'firing'));
    log = [];
    now += 4;
    directives.tick();
    expect(log).toEqual([]);
    now += 1;
    directives.tick();
    expect(log).toEqual(['renewed d1 d2']);
    now += 15;
    directives.tick();
    expect(log).toEqual(['renewed d1 d2', 'renewed d1 d2 d3']);
  });

  it('issues none in warn and dryrun, and says that it would act', async () => {
    const store = createMemoryStore();
    for (const mode of ['warn', 'dryrun']) {
      guardrails = [windowed(`in-${mode}`, { mode })];
      manager().onTransition(transition(`risk-${mode}`, 'ok', 'firing'));
    }
    expect(log).toEqual([]);
    await recorder.flush(store);
    expect((await store.verdicts({})).map(({ disposition }) => disposition)).toEqual(['would_act', 'would_act']);
    await store.close();
  });

  it('acts on at most maxScopes scopes, and on a further one once a person approved', async () => {
    guardrails = [windowed('errors', { limits: { maxScopes: 1 } })];
    const directives = manager();
    directives.onTransition(transition('risk-a', 'ok', 'firing'));
    directives.onTransition(transition('risk-b', 'ok', 'firing'));
    expect(log).toEqual(['issued d1']);
    expect(directives.pending()).toMatchObject([{ verdictId: 'v-risk-b', scope: { model: 'risk-b' } }]);
    expect(await directives.approve('v-other', 'ada')).toBe(false);
    expect(await directives.approve('v-risk-b', 'ada')).toBe(true);
    expect(log).toEqual(['issued d1', 'issued d2']);
    expect(directives.pending()).toEqual([]);
  });

  it('holds a scope that several series share until the last of them is ok', () => {
    guardrails = [windowed('errors', { scope: [] })];
    const directives = manager();
    directives.onTransition(transition('risk-a', 'ok', 'firing'));
    directives.onTransition(transition('risk-b', 'ok', 'firing'));
    directives.onTransition(transition('risk-a', 'probing', 'ok'));
    expect(log).toEqual(['issued d1']);
    directives.onTransition(transition('risk-b', 'probing', 'ok'));
    expect(log).toEqual(['issued d1', 'released d1 recovered']);
  });

  it('goes on after a restart with what still fires, under the new epoch, and ends the rest', async () => {
    const store = createMemoryStore();
    const before = manager(1);
    before.onTransition(transition('risk-a', 'ok', 'firing'));
    before.onTransition(transition('risk-b', 'ok', 'firing'));
    await recorder.flush(store);
    log = [];
    const after = manager(2);
    const [only] = guardrails;
    const view = { guardrail: 'errors', revision: only!.revision, since: 1000, signals: {}, degraded: false };
    await after.restore(store, [{ ...view, series: { model: 'risk-a' }, state: 'firing', verdictId: 'v-risk-a' }]);
    expect(after.active()).toMatchObject([{ id: 'd1', epoch: 2, verdict: 'v-risk-a' }]);
    expect(log).toEqual(['released d2 document_changed']);
    await recorder.flush(store);
    expect((await store.verdicts({ active: true })).map(({ id }) => id)).toEqual(['v-risk-a']);
    expect((await store.activeDirectives()).map(({ id }) => id)).toEqual(['d1']);
    await store.close();
  });

  it('says of what expired while the evaluator was away that it did', async () => {
    const store = createMemoryStore();
    guardrails = [windowed('errors', { expires: new Date(1_100_000).toISOString() })];
    manager(1).onTransition(transition('risk-a', 'ok', 'firing'));
    await recorder.flush(store);
    log = [];
    now = 1200;
    await manager(2).restore(store, []);
    expect(log).toEqual(['released d1 expired']);
    await recorder.flush(store);
    const released = (await store.queryAudit({ limit: 100 })).filter(({ kind }) => kind === 'directive');
    expect(released.at(-1)).toMatchObject({ body: { change: 'released', reason: 'expired' } });
    await store.close();
  });

  it('acts in the mode that the environment of a series has, and issues no directive elsewhere', () => {
    guardrails = [windowed('errors', { mode: 'dryrun', overrides: [{ environments: ['live'], mode: 'enforce' }] })];
    const directives = manager();
    const fired = (environment: string): Transition => ({
      ...transition(environment, 'ok', 'firing'),
      series: { model: 'risk', environment },
    });
    directives.onTransition(fired('test'));
    expect(log).toEqual([]);
    directives.onTransition(fired('live'));
    expect(directives.active()).toMatchObject([{ mode: 'enforce', verdict: 'v-live' }]);
  });

  it('issues after a restart what fired before its directive reached the store', async () => {
    const store = createMemoryStore();
    const view = { guardrail: 'errors', revision: guardrails[0]!.revision, since: 1000, signals: {}, degraded: false };
    await manager(2).restore(store, [{ ...view, series: { model: 'risk-a' }, state: 'probing', verdictId: 'v1' }]);
    expect(log).toEqual(['issued d1']);
    await recorder.flush(store);
    expect(await store.verdict('v1')).toMatchObject({ disposition: 'enforced' });
    await store.close();
  });

  it('keeps what explained a verdict when it fired, also after it is over', async () => {
    const store = createMemoryStore();
    const directives = manager();
    const report = { test: 'rate', groups: [], causes: [], recompute: { every: 1 }, summary: 'Broken.' };
    const explained = (from: SeriesState, to: SeriesState, summary: string): Transition => ({
      ...transition('m', from, to),
      evidence: { ...report, summary } as unknown as EvidenceReport,
    });
    directives.onTransition(explained('ok', 'firing', 'Broken.'));
    await recorder.flush(store);
    await recorder.flush(store);
    directives.onTransition(explained('firing', 'ok', 'Well again.'));
    await recorder.flush(store);
    expect(await store.verdictReport('v-m')).toMatchObject({ summary: 'Broken.', suppressed: 0 });
    expect((await store.verdict('v-m'))!.releasedAt).toBeGreaterThan(0);
    await store.close();
  });
});
