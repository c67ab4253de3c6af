import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATTR, RESOURCE } from '@guardspan/policy';
import { COLLECTOR } from '../../collector/test/support/collector.js';
import { startApp, type App, type AppStatus } from './support/app.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { startModelServer, type ModelServer } from './support/model-server.js';
import { collectorPath, directPath, type TelemetryPath, type UserSpan } from './support/path.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

const PROBES_PER_SECOND = 5;
const GUARDRAILS = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: failing }
spec:
  match: { models: [scorer] }
  over:
    window: 5s
    every: 0s
    groupBy: [service, model]
    minSamples: 10
    signals: { failed: { ratio: "error.type != ''" } }
  when: 'failed > 0.5'
  until: 'failed < 0.1'
  action: { shutdown: { retryAfter: 1s } }
  probe: { perSecond: ${PROBES_PER_SECOND}, minSamples: 4 }
  mode: enforce
  message: 'share of failed calls {failed}'
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: slow }
spec:
  match: { models: [ranker, large-model] }
  over:
    window: 5s
    every: 0s
    groupBy: [service, model]
    minSamples: 10
    signals: { p80: { quantile: 0.8, of: duration, among: "decision.rerouteTo == ''" } }
  when: 'p80 > 0.06'
  until: 'p80 < 0.04'
  action: { reroute: { to: TARGET } }
  probe: { perSecond: ${PROBES_PER_SECOND}, minSamples: 4 }
  mode: enforce
  message: 'the slowest fifth took more than {p80} s'
`;
const [FAILING, SLOW] = GUARDRAILS.split('---');

interface VerdictRow {
  id: string;
  guardrail: string;
  series: Record<string, string>;
  state: string;
  releasedAt: number;
  exampleTraceIds: string[];
}
type DirectiveRow = AppStatus['directives'][number];

/** Each span once: the feed repeats what was not acknowledged in time, and the evaluator counts a record once. */
function ids(spans: readonly UserSpan[]): string[] {
  return [...new Set(spans.map(({ traceId, spanId }) => `${traceId}/${spanId}`))].sort();
}

function loop(makePath: (evaluator: Evaluator) => Promise<TelemetryPath>): void {
  const scratch = createScratch();
  let evaluator: Evaluator;
  let path: TelemetryPath;
  let server: ModelServer;
  let app: App;

  beforeAll(async () => {
    scratch.write('rails/failing.yaml', FAILING!);
    scratch.write(
      'rails/slow.yaml',
      SLOW!.replace('[ranker, large-model]', '[ranker]').replace('TARGET', 'previous-version'),
    );
    scratch.write(
      'rails/slow-chat.yaml',
      SLOW!
        .replace('[ranker, large-model]', '[large-model]')
        .replace('TARGET', 'small')
        .replace('name: slow', 'name: slow-chat'),
    );
    evaluator = await startEvaluator({ dataDir: scratch.path('data'), guardrails: scratch.path('rails') });
    path = await makePath(evaluator);
    server = await startModelServer();
    app = await startApp({
      service: 'shop',
      evaluator: evaluator.url,
      feed: path.feed,
      backend: path.backend,
      models: ['scorer', 'ranker'],
      env: { OPENAI_URL: server.url },
    });
    await app.inForce(3);
  });
  afterAll(async () => {
    await app?.stop();
    await Promise.all([server?.close(), path?.close()]);
    await evaluator?.stop();
    scratch.remove();
  });

  const held = async (guardrail: string): Promise<DirectiveRow | undefined> => {
    return (await app.status()).directives.find((one) => one.guardrail === guardrail);
  };
  // Enforcement does not wait for the disk, so the verdict may be stored a moment later.
  const verdictOf = (guardrail: string, done: (row: VerdictRow) => boolean): Promise<VerdictRow> =>
    until(`the verdict of ${guardrail}`, async () => {
      const { items } = await evaluator.get<{ items: VerdictRow[] }>(`/api/v1/verdicts?guardrail=${guardrail}`);
      return items.length === 1 && done(items[0]!) && items[0];
    });

  /** Makes calls under a directive: what came of them, and how many of them may have passed as probes in the time that they took. */
  const under = async (calls: () => Promise<string[]>): Promise<{ outcomes: string[]; probes: number }> => {
    const began = performance.now();
    const outcomes = await calls();
    return { outcomes, probes: PROBES_PER_SECOND * (1 + (performance.now() - began) / 1000) };
  };

  /** Spans on the tracing backend and records on the feed of what a directive did, once there are `count` of them at least. */
  const traced = (directive: DirectiveRow, count: number): Promise<{ user: UserSpan[]; feed: UserSpan[] }> =>
    until('the reason on the spans of the calls', () => {
      // A probe names its directive too, and was let through.
      const acted = ({ attributes }: UserSpan): boolean =>
        attributes[ATTR.DIRECTIVE_ID] === directive.id && !(ATTR.CALL_PROBE in attributes);
      const user = path.userSpans.filter(acted);
      const feed = path.feedSpans.filter(acted);
      return user.length >= count && user.length === ids(feed).length && { user, feed };
    });

  it('shuts a failing function down, says why on the trace, and releases it through probes', async () => {
    expect(await app.call({ model: 'scorer', count: 10 })).toEqual(Array(10).fill('by scorer'));
    await app.call({ model: 'scorer', count: 30, fail: true });
    const directive = await until('the directive in the app', () => held('failing'));
    const { outcomes, probes } = await under(() => app.call({ model: 'scorer', count: 20, fail: true }));
    const refused = outcomes.filter((outcome) => outcome === 'GUARDSPAN_SHUTDOWN');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThanOrEqual(20 - probes);
    expect(outcomes.every((outcome) => outcome === 'GUARDSPAN_SHUTDOWN' || outcome === 'failed')).toBe(true);

    const verdict = await verdictOf('failing', ({ state }) => state === 'firing');
    expect(verdict).toMatchObject({ series: { service: 'shop', model: 'scorer' }, releasedAt: 0 });
    expect(directive.verdict).toBe(verdict.id);
    const { user, feed } = await traced(directive, refused.length);
    expect(ids(user)).toEqual(ids(feed));
    for (const span of [user[0]!, feed[0]!]) {
      expect(span.attributes).toMatchObject({
        [ATTR.MODEL_NAME]: 'scorer',
        [ATTR.MODEL_VERSION]: '1',
        [ATTR.DISPOSITION]: 'enforced',
        [ATTR.ACTION]: 'shutdown',
        [ATTR.VERDICT]: 'violation',
        [ATTR.VERDICT_GUARDRAIL]: 'failing',
        [ATTR.VERDICT_CODE]: 'condition',
      });
      // 1 when the Collector, which sends several batches at a time, delivers the failed calls before the others.
      expect(String(span.attributes[ATTR.VERDICT_REASON])).toMatch(/^share of failed calls (0\.\d+|1)$/);
      expect(String(span.attributes[ATTR.VERDICT_TRACE])).toContain('failed > 0.5');
    }
    const examples = path.feedSpans.filter((span) => verdict.exampleTraceIds.includes(span.traceId));
    expect(examples.length).toBeGreaterThan(0);

    const audited = await until('the refused calls in the audit', async () => {
      const { items } = await evaluator.get<{ items: { kind: string; traceId: string; verdictId: string }[] }>(
        '/api/v1/audit?kind=decision&descending=true&limit=1000',
      );
      const found = items.filter(({ kind, verdictId }) => kind === 'decision' && verdictId === verdict.id);
      return found.length >= refused.length && found;
    });
    const refusedTraces = new Set(user.map(({ traceId }) => traceId));
    expect(audited.some(({ traceId }) => refusedTraces.has(traceId))).toBe(true);

    await until(
      'the release',
      async () => {
        await app.call({ model: 'scorer', count: 5, delay: 10 });
        return (await held('failing')) === undefined;
      },
      20_000,
    );
    await verdictOf('failing', ({ state, releasedAt }) => state === 'ok' && releasedAt > 0);
    expect(await app.call({ model: 'scorer', count: 10 })).toEqual(Array(10).fill('by scorer'));
    expect(path.feedSpans.some((span) => span.attributes[ATTR.CALL_PROBE] === true)).toBe(true);
  });

  it('reroutes a slow function to the version that the process declares, and back', async () => {
    await app.call({ model: 'ranker', count: 20, concurrency: 5, delay: 100 });
    const directive = await until('the directive in the app', () => held('slow'));
    const { outcomes, probes } = await under(() => app.call({ model: 'ranker', count: 20, delay: 100 }));
    const rerouted = outcomes.filter((outcome) => outcome === 'by previous-version').length;
    expect(rerouted).toBeGreaterThan(0);
    expect(rerouted).toBeGreaterThanOrEqual(20 - probes);
    const { user, feed } = await traced(directive, rerouted);
    expect(ids(user)).toEqual(ids(feed));
    expect(user[0]!.attributes).toMatchObject({
      [ATTR.MODEL_NAME]: 'ranker',
      [ATTR.DISPOSITION]: 'enforced',
      [ATTR.ACTION]: 'reroute',
      [ATTR.REROUTE_TO]: 'previous-version',
      [ATTR.VERDICT_GUARDRAIL]: 'slow',
    });
    await until(
      'the release',
      async () => {
        await app.call({ model: 'ranker', count: 5, delay: 5 });
        return (await held('slow')) === undefined;
      },
      20_000,
    );
    expect(await app.call({ model: 'ranker', count: 5 })).toEqual(Array(5).fill('by ranker'));
  });

  it('reroutes the calls of the openai client to another model, and back', async () => {
    server.delays.set('large-model', 100);
    await app.run('chat', { model: 'large-model', count: 12 });
    const directive = await until('the directive in the app', () => held('slow-chat'));
    const { outcomes, probes } = await under(() => app.run<string[]>('chat', { model: 'large-model', count: 20 }));
    const rerouted = outcomes.filter((outcome) => outcome === 'by small-model').length;
    expect(rerouted).toBeGreaterThan(0);
    expect(rerouted).toBeGreaterThanOrEqual(20 - probes);
    expect(server.asked.filter((model) => model === 'small-model').length).toBeGreaterThanOrEqual(rerouted);
    const { user, feed } = await traced(directive, rerouted);
    expect(ids(user)).toEqual(ids(feed));
    expect(user[0]!.attributes).toMatchObject({
      [ATTR.DISPOSITION]: 'enforced',
      [ATTR.ACTION]: 'reroute',
      [ATTR.REROUTE_TO]: 'small',
      [ATTR.REROUTE_FROM]: 'large-model',
    });
    server.delays.clear();
    await until(
      'the release',
      async () => {
        await app.run('chat', { model: 'large-model', count: 5 });
        return (await held('slow-chat')) === undefined;
      },
      20_000,
    );
    expect(await app.run('chat', { model: 'large-model', count: 5 })).toEqual(Array(5).fill('by large-model'));
  });

  it('sends every span of the application also as a record of the feed, and nothing of the feed to the backend', async () => {
    await until('the last spans', () => path.userSpans.length === ids(path.feedSpans).length);
    expect(ids(path.userSpans)).toEqual(ids(path.feedSpans));
    expect(path.userSpans.some((span) => RESOURCE.FEED in ((span as { resource?: object }).resource ?? {}))).toBe(
      false,
    );
  });
}

describe('the loop, the feed sent to the evaluator', () => {
  loop((evaluator) => directPath(() => evaluator));
});

describe.skipIf(COLLECTOR === undefined)('the loop through the real Collector', () => {
  loop((evaluator) => collectorPath(evaluator, ['agent.yaml']));
});
