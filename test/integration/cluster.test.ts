import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App, type AppStatus } from './support/app.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

const RATE = 8;
const BURST = 4;
const SECONDS = 3;
const BUDGET = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: budget }
spec:
  match: { models: [scorer] }
  over:
    window: 1m
    every: 0s
    groupBy: [service, model]
    signals: { calls: { count: 'true' } }
  when: 'calls > 20'
  until: 'calls < 0.0'
  action: { throttle: { rate: ${RATE}, burst: ${BURST} } }
  probe: { share: 0, perSecond: 0 }
  mode: enforce
`;

const scratch = createScratch();
let evaluator: Evaluator;
let app: App;
beforeAll(async () => {
  scratch.write('rails/budget.yaml', BUDGET);
  evaluator = await startEvaluator({ dataDir: scratch.path('data'), guardrails: scratch.path('rails') });
  app = await startApp({ service: 'shop', file: 'cluster.mjs', evaluator: evaluator.url });
});
afterAll(async () => {
  await app?.stop();
  await evaluator?.stop();
  scratch.remove();
});

const each = <T>(operation: string, argument: unknown = {}): Promise<T[]> => app.run('each', { operation, argument });

describe('four cluster workers', () => {
  it('keep one throttle budget', async () => {
    await until('the guard-rail in every worker', async () => {
      return (await each<AppStatus>('status')).every((one) => one.freshness === 'live' && one.guardrails === 1);
    });
    await each('call', { count: 10 });
    await until('the directive in every worker', async () => {
      return (await each<AppStatus>('status')).every(({ directives }) => directives.length === 1);
    });
    // Empties what the workers may hold as burst, and lets the shares settle: a rebalance takes up to a second.
    await each('attempt', { milliseconds: 1200, pause: 5 });
    const workers = await each<{ attempts: number; passed: number }>('attempt', {
      milliseconds: SECONDS * 1000,
      pause: 5,
    });
    const passed = workers.reduce((sum, worker) => sum + worker.passed, 0);
    expect(workers.every(({ attempts }) => attempts > SECONDS * RATE * 2)).toBe(true);
    expect(passed).toBeLessThanOrEqual(SECONDS * RATE + BURST);
    expect(passed).toBeGreaterThanOrEqual(SECONDS * RATE - BURST);
    expect(workers.every((worker) => worker.passed > 0)).toBe(true);
  });
});
