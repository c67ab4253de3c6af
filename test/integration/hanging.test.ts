import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type App } from './support/app.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

const LATENCY = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: slow }
spec:
  match: { models: [scorer] }
  over:
    every: 1s
    groupBy: [model]
    test: { latency: { within: 300ms, max: 0.05 } }
    promise: { falseAlarms: 1, per: 1h }
    maxSeries: 1
  action: { annotate: { attributes: { slow: 'yes' } } }
  mode: warn
`;
interface Explanation {
  state: string;
  summary: string;
  counters: { calls: number; late: number; open: number };
  promise: { status: string };
  releasedAt?: number;
}

const scratch = createScratch();
let evaluator: Evaluator;
let app: App;
beforeAll(async () => {
  scratch.write('rails/slow.yaml', LATENCY);
  evaluator = await startEvaluator({ dataDir: scratch.path('data'), guardrails: scratch.path('rails') });
  app = await startApp({ service: 'shop', evaluator: evaluator.url });
  await app.inForce(1);
});
afterAll(async () => {
  await app?.stop();
  await evaluator?.stop();
  scratch.remove();
});

it('calls that never end fire a latency test, and its verdict is explained also when a person has released it', async () => {
  const hanging: Promise<unknown>[] = [];
  for (let second = 0; second < 6; second++) {
    // They hang until the app is stopped.
    hanging.push(app.call({ count: 10, concurrency: 10, delay: 600_000 }).catch(() => undefined));
    await sleep(1000);
  }
  const [verdict] = await until('a verdict', async () => {
    const { items } = await evaluator.get<{ items: { id: string; state: string }[] }>('/api/v1/verdicts');
    return items.length > 0 && items;
  });
  const explain = (): Promise<Explanation> => evaluator.get(`/api/v1/verdicts/${verdict!.id}/explanation`);
  const holding = await explain();
  expect(holding).toMatchObject({ state: 'firing', promise: { status: 'kept' }, counters: { late: 0 } });
  // Each of them was counted, and none has ended.
  expect(holding.counters.open).toBeGreaterThanOrEqual(20);
  expect(await evaluator.metric('guardspan_calls_total')).toBe(0);

  const released = await evaluator.ask(`/api/v1/verdicts/${verdict!.id}/release`, {
    method: 'POST',
    body: JSON.stringify({ reason: 'seen' }),
    headers: { 'content-type': 'application/json' },
  });
  expect(released.status).toBe(200);
  const over = await until('a report of what is over', async () => {
    const report = await explain();
    return report.state === 'ok' && report;
  });
  expect(over.releasedAt).toBeGreaterThan(0);
  expect(over.summary).toMatch(/^Broken: /);
  await app.stop();
  await Promise.all(hanging);
}, 60_000);
