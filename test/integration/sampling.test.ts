import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLLECTOR } from '../../collector/test/support/collector.js';
import { startApp, type AppOptions } from './support/app.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { collectorPath, directPath, type TelemetryPath } from './support/path.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

const CALLS = 400;
const FAILED = 37;
const COUNTING = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: counting }
spec:
  over:
    window: 1h
    every: 0s
    groupBy: [service, model]
    signals:
      calls: { count: 'true' }
      failed: { count: "error.type != ''" }
      approved: { count: "output.label == 'approve'" }
      amount: { sum: features.amount }
  when: 'calls < 0.0 || failed < 0.0 || approved < 0.0 || amount < 0.0'
  action: { annotate: { attributes: { seen: never } } }
  mode: dryrun
`;

interface SeriesRow {
  series: { service: string; model: string };
  signals: Record<string, { value: number }>;
}

const scratch = createScratch();
let evaluator: Evaluator;
const paths: TelemetryPath[] = [];
beforeAll(async () => {
  scratch.write('rails/counting.yaml', COUNTING);
  evaluator = await startEvaluator({ dataDir: scratch.path('data'), guardrails: scratch.path('rails') });
});
afterAll(async () => {
  await Promise.all(paths.map((path) => path.close()));
  await evaluator?.stop();
  scratch.remove();
});

/** Makes the same calls in a new service and returns what the evaluator counted, and how many spans the tracing backend got. */
async function countsOf(path: TelemetryPath, options: Pick<AppOptions, 'service' | 'env'>): Promise<object> {
  paths.push(path);
  const app = await startApp({ ...options, evaluator: evaluator.url, feed: path.feed, backend: path.backend });
  await app.inForce(1);
  await app.call({ count: FAILED, concurrency: 8, fail: true, amount: 3 });
  await app.call({ count: CALLS - FAILED, concurrency: 8, amount: 2 });
  await app.stop();
  const row = await until(`the calls of ${options.service}`, async () => {
    const { items } = await evaluator.get<{ items: SeriesRow[] }>('/api/v1/series?guardrail=counting&limit=1000');
    const found = items.find(({ series }) => series.service === options.service);
    return found !== undefined && found.signals['calls']!.value >= CALLS && found;
  });
  return Object.fromEntries(Object.entries(row.signals).map(([name, { value }]) => [name, value]));
}

const EXPECTED = {
  calls: CALLS,
  failed: FAILED,
  approved: CALLS - FAILED,
  amount: FAILED * 3 + (CALLS - FAILED) * 2,
};

describe('counts do not follow a sampler', () => {
  it('are those of the calls when every span is sampled', async () => {
    const path = await directPath(() => evaluator);
    expect(await countsOf(path, { service: 'all' })).toEqual(EXPECTED);
    await until('every span', () => path.userSpans.length === CALLS);
  });

  it('are the same when the application samples 1 %', async () => {
    const path = await directPath(() => evaluator);
    const env = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.01' };
    expect(await countsOf(path, { service: 'one-percent', env })).toEqual(EXPECTED);
    expect(path.userSpans.length).toBeLessThan(CALLS / 10);
    expect(path.feedSpans).toHaveLength(CALLS);
  });

  it.skipIf(COLLECTOR === undefined)('are the same with tail sampling in the real Collector', async () => {
    const path = await collectorPath(evaluator, ['agent.yaml', 'tail-sampling.yaml'], {
      GUARDSPAN_SAMPLING_PERCENTAGE: '5',
      GUARDSPAN_SAMPLING_WAIT: '1s',
    });
    expect(await countsOf(path, { service: 'tail-sampled' })).toEqual(EXPECTED);
    // Traces with an error are kept by the shipped policies, the others by their share.
    await until('the sampled traces', () => path.userSpans.length >= FAILED);
    expect(path.userSpans.length).toBeLessThan(CALLS / 2);
  });
});
