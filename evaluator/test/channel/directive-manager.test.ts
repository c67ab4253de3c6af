import type { RevisedGuardrail } from '@guardspan/policy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActiveDirective } from '../../src/channel/directives/active-directive.js';
import { DirectiveManager } from '../../src/channel/directives/directive-manager.js';
import { Recorder } from '../../src/channel/directives/recorder.js';
import type { EvidenceReport } from '../../src/engine/evidence/report.js';
import type { SeriesState, Transition } from '../../src/engine/types.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/types.js';
import { windowed } from './support/guardrail.js';

let now: number;
let ids: number;
let answers: number;
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
    answered: () => void answers++,
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
  answers = 0;
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
    expect(directives.approve('v-other', 'ada')).toBe(false);
    expect(directives.approve('v-risk-b', 'ada')).toBe(true);
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

describe('an action that a person is asked about', () => {
  const asked = (onTimeout: 'execute' | 'cancel', more = {}): RevisedGuardrail =>
    windowed('errors', { approval: { timeout: '15m', onTimeout }, ...more });
  const codeOf = async (store: Store, id: string): Promise<unknown> => {
    await recorder.flush(store);
    const { disposition, code } = (await store.verdict(id))!;
    return [disposition, code];
  };
  let store: Store;
  beforeEach(() => {
    store = createMemoryStore();
  });
  afterEach(() => store.close());

  it('waits, and is taken when a person approves it', async () => {
    guardrails = [asked('cancel')];
    const directives = manager();
    directives.onTransition(transition('risk-a', 'ok', 'firing'));
    expect(log).toEqual([]);
    expect(directives.pending()).toEqual([
      {
        ...{ verdictId: 'v-risk-a', guardrail: 'errors', scope: { model: 'risk-a' }, at: 1000 },
        ...{ reason: 'approval', until: 1900, onTimeout: 'cancel' },
      },
    ]);
    expect(directives.isHeld('v-risk-a')).toBe(true);
    expect(await codeOf(store, 'v-risk-a')).toEqual(['would_act', 'needs_approval']);
    expect(directives.approve('v-risk-a', 'ada')).toBe(true);
    expect([log, directives.pending(), directives.isHeld('v-risk-a'), answers]).toEqual([['issued d1'], [], false, 1]);
    expect(await codeOf(store, 'v-risk-a')).toEqual(['enforced', 'condition']);
    const verdicts = await store.queryAudit({ kind: 'verdict' });
    expect(verdicts.map(({ actor }) => actor)).toEqual(['evaluator', 'ada']);
  });

  it('is not taken when a person rejects it, and is asked about again by the next verdict only', async () => {
    guardrails = [asked('execute')];
    const directives = manager();
    directives.onTransition(transition('risk-a', 'ok', 'firing'));
    expect(directives.reject('v-other', 'ada')).toBe(false);
    expect(directives.reject('v-risk-a', 'ada')).toBe(true);
    expect(directives.approve('v-risk-a', 'ada')).toBe(false);
    now += 10_000;
    directives.tick();
    expect([log, directives.pending(), directives.isHeld('v-risk-a')]).toEqual([[], [], true]);
    expect(await codeOf(store, 'v-risk-a')).toEqual(['would_act', 'rejected']);
    directives.onTransition(transition('risk-a', 'firing', 'ok'));
    expect(directives.isHeld('v-risk-a')).toBe(false);
    directives.onTransition({ ...transition('risk-a', 'ok', 'firing'), verdictId: 'v2' });
    expect(directives.pending()).toMatchObject([{ verdictId: 'v2' }]);
  });

  it.each([
    ['execute', ['issued d1'], false, ['enforced', 'approval_timeout']],
    ['cancel', [], true, ['would_act', 'approval_timeout']],
  ] as const)('is left to %s when nobody answers in time', async (onTimeout, issued, held, row) => {
    guardrails = [asked(onTimeout)];
    const directives = manager();
    directives.onTransition(transition('risk-a', 'ok', 'firing'));
    now += 899;
    directives.tick();
    expect(directives.pending().length).toBe(1);
    now += 1;
    directives.tick();
    expect([log, directives.pending(), directives.isHeld('v-risk-a')]).toEqual([issued, [], held]);
    expect(await codeOf(store, 'v-risk-a')).toEqual(row);
    expect(await store.queryAudit({ kind: 'override' })).toMatchObject([
      { actor: 'evaluator', verdictId: 'v-risk-a', body: { change: 'approval_timeout', onTimeout } },
    ]);
  });

  it('waits no longer when its verdict is over or its document is another', () => {
    guardrails = [asked('execute')];
    const directives = manager();
    directives.onTransition(transition('risk-a', 'ok', 'firing'));
    directives.onTransition(transition('risk-b', 'ok', 'firing'));
    directives.onTransition(transition('risk-a', 'firing', 'ok'));
    expect(directives.pending()).toMatchObject([{ verdictId: 'v-risk-b' }]);
    guardrails = [asked('cancel')];
    expect(directives.approve('v-risk-b', 'ada')).toBe(false);
    now += 900;
    directives.tick();
    expect(log).toEqual([]);
  });

  it('is taken for every series that shares its scope', () => {
    guardrails = [asked('cancel', { scope: [] })];
    const directives = manager();
    directives.onTransition(transition('risk-a', 'ok', 'firing'));
    directives.onTransition(transition('risk-b', 'ok', 'firing'));
    expect(directives.pending().length).toBe(2);
    directives.approve('v-risk-b', 'ada');
    expect([log, directives.pending()]).toEqual([['issued d1'], []]);
    directives.onTransition(transition('risk-b', 'probing', 'ok'));
    expect(directives.held().length).toBe(1);
    directives.onTransition(transition('risk-a', 'probing', 'ok'));
    expect(directives.held()).toEqual([]);
  });

  it('is asked about only where the guard-rail enforces', () => {
    guardrails = [asked('cancel', { mode: 'warn' })];
    const directives = manager();
    directives.onTransition(transition('risk-a', 'ok', 'firing'));
    expect([directives.pending(), directives.isHeld('v-risk-a')]).toEqual([[], false]);
  });

  it.each([
    ['nobody', 1450, 1, []],
    ['nobody in time', 2000, 0, ['issued d1']],
    ['approved', 1450, 0, ['issued d1']],
    ['rejected', 2000, 0, []],
  ])('goes on after kill -9: answered by %s', async (answer, later, waiting, issued) => {
    guardrails = [asked('execute')];
    manager(1).onTransition(transition('risk-a', 'ok', 'firing'));
    await recorder.flush(store);
    if (answer === 'approved' || answer === 'rejected')
      await store.appendAudit([
        {
          ...{ kind: 'override', at: 1400, actor: 'ada', guardrail: 'errors', traceId: '', verdictId: 'v-risk-a' },
          body: { change: answer, reason: 'seen' },
        },
      ]);
    now = later;
    const after = manager(2);
    const view = { guardrail: 'errors', revision: guardrails[0]!.revision, since: 1001, signals: {}, degraded: false };
    await after.restore(store, [{ ...view, series: { model: 'risk-a' }, state: 'firing', verdictId: 'v-risk-a' }]);
    after.tick();
    expect([log, after.pending().length]).toEqual([issued, waiting]);
    if (waiting > 0) expect(after.pending()[0]).toMatchObject({ at: 1000, until: 1900 });
    await recorder.flush(store);
    expect(await store.verdict('v-risk-a')).toMatchObject({ message: 'failed is 0.9', firstAt: 1000 });
  });
});
