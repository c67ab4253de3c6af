import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type App } from './support/app.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

/** Seconds for which the guard-rail holds: enough for what happens before its end on a busy machine. */
const LIFE = 9;
const guardrail = (expires: Date): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: large-amounts }
spec:
  match: { models: [scorer] }
  where: has(features.amount) && features.amount > params.large
  params: { large: 100 }
  expires: ${expires.toISOString()}
  over:
    window: 20s
    every: 0s
    groupBy: [service, model]
    minSamples: 10
    signals: { failed: { ratio: "error.type != ''" } }
  when: failed > 0.5
  action: { shutdown: {} }
  probe: { share: 0, perSecond: 0 }
  mode: enforce
`;
const SHUT = 'GUARDSPAN_SHUTDOWN';

const scratch = createScratch();
let evaluator: Evaluator;
let app: App;
beforeAll(async () => {
  // It is read before there is anything to read.
  scratch.write('rails/none.yaml', '');
  evaluator = await startEvaluator({ dataDir: scratch.path('data'), guardrails: scratch.path('rails') });
  app = await startApp({ service: 'shop', evaluator: evaluator.url, models: ['scorer'] });
  await app.inForce(0);
});
afterAll(async () => {
  await app?.stop();
  await evaluator?.stop();
  scratch.remove();
});

it('a window counts and stops the calls that its guard-rail is about, until it expires, and says that it did', async () => {
  const expires = new Date(Date.now() + LIFE * 1000);
  scratch.write('rails/large-amounts.yaml', guardrail(expires));
  await app.inForce(1);
  // Failures of other calls of the model are not counted.
  await app.call({ count: 40, fail: true, amount: 5 });
  await app.call({ count: 9, fail: true, amount: 500 });
  expect((await app.status()).directives).toEqual([]);
  await app.call({ count: 3, fail: true, amount: 500 });
  await until('the directive in the app', async () => (await app.status()).directives.length === 1);
  expect(await app.call({ count: 5, amount: 500 })).toEqual(Array(5).fill(SHUT));
  expect(await app.call({ count: 5, amount: 5 })).toEqual(Array(5).fill('by scorer'));

  await until('the end', () => Date.now() > expires.getTime());
  expect(await app.call({ count: 5, amount: 500 })).toEqual(Array(5).fill('by scorer'));
  await until('the release in the app', async () => (await app.status()).directives.length === 0);
  const { items } = await until('the record', async () => {
    const audit = await evaluator.get<{ items: { body: { change: string; reason: string } }[] }>(
      '/api/v1/audit?kind=directive&guardrail=large-amounts',
    );
    return audit.items.length === 2 && audit;
  });
  expect(items.map(({ body: { change, reason } }) => [change, reason])).toEqual([
    ['issued', undefined],
    ['released', 'expired'],
  ]);
  // Neither the evaluator nor the process judges any more, and no error was met on the way.
  await app.call({ count: 20, fail: true, amount: 500 });
  expect(await app.call({ count: 3, amount: 500 })).toEqual(Array(3).fill('by scorer'));
  expect((await app.status()).failures).toBe(0);
});
