import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { ATTR } from '@guardspan/policy';
import { startApp, type App } from './support/app.js';
import { startEvaluator, type Evaluator, type EvaluatorOptions } from './support/evaluator.js';
import { directPath, type TelemetryPath } from './support/path.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

/** Shorter than a restart may take on a busy machine, longer than a third of it plus a call. */
const SHORT_LEASE = 3;
const LONG_LEASE = 60;
const ON_STALE = ['keep', 'allow', 'deny'] as const;
const MODELS = ON_STALE.map((onStale) => `${onStale}-model`);

function guardrail(onStale: string): string {
  return `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: on-stale-${onStale} }
spec:
  match: { models: [${onStale}-model] }
  over:
    window: 1m
    every: 0s
    groupBy: [service, model]
    minSamples: 5
    signals: { failed: { ratio: "error.type != ''" } }
  when: 'failed > 0.5'
  until: 'failed < 0.0'
  action: { reroute: { to: previous-version } }
  probe: { share: 0, perSecond: 0 }
  onStale: ${onStale}
  mode: enforce
  message: 'share of failed calls {failed}'
`;
}

const scratch = createScratch();
let evaluator: Evaluator;
let path: TelemetryPath;
let app: App;
const options = (port: number, lease = LONG_LEASE): EvaluatorOptions => ({
  dataDir: scratch.path('data'),
  guardrails: scratch.path('rails'),
  port,
  args: ['--lease', `${lease}s`],
});

/** A new one for each test, because an app that has just lost its connection asks again ever more slowly. */
async function startTheApp(): Promise<App> {
  const { url } = evaluator;
  const started = await startApp({
    service: 'shop',
    evaluator: url,
    feed: path.feed,
    backend: path.backend,
    models: MODELS,
  });
  await started.inForce(3);
  return started;
}

beforeAll(async () => {
  for (const onStale of ON_STALE) scratch.write(`rails/${onStale}.yaml`, guardrail(onStale));
  evaluator = await startEvaluator(options(0));
  path = await directPath(() => evaluator);
});
beforeEach(async () => {
  app = await startTheApp();
  for (const model of MODELS) await app.call({ model, count: 10, fail: true });
  await until('three directives', async () => (await app.status()).directives.length === 3);
});
afterEach(() => app?.stop());
afterAll(async () => {
  await path?.close();
  await evaluator?.kill();
  scratch.remove();
});

const callAll = async (): Promise<string[]> => (await Promise.all(MODELS.map((model) => app.call({ model })))).flat();
const REROUTED = Array(3).fill('by previous-version');
const activeIds = async (): Promise<string[]> =>
  (await evaluator.get<{ items: { id: string }[] }>('/api/v1/directives')).items.map(({ id }) => id).sort();
const heldIds = async (): Promise<string[]> => (await app.status()).directives.map(({ id }) => id).sort();

/** Starts the evaluator again on its port and data, and waits until the app follows the new start. */
async function startAgain(lease?: number): Promise<void> {
  const { epoch } = await app.status();
  evaluator = await startEvaluator(options(evaluator.port, lease));
  // The app asks again after a random time, which doubles with each restart.
  await until('the app to follow the new epoch', async () => (await app.status()).epoch > epoch, 20_000);
}

/** Calls all the time while something happens; every call must have been rerouted. */
async function enforcedWhile(happens: Promise<unknown>): Promise<void> {
  let over = false;
  const done = happens.finally(() => (over = true));
  let calls = 0;
  while (!over) {
    expect(await callAll()).toEqual(REROUTED);
    calls += 1;
    await sleep(10);
  }
  await done;
  expect(calls).toBeGreaterThan(5);
}

describe('directives', () => {
  for (const [signal, end] of [
    ['SIGTERM', () => evaluator.stop()],
    ['kill -9', () => evaluator.kill()],
  ] as const) {
    it(`survive a restart of the evaluator by ${signal}, and are enforced all the time`, async () => {
      // What the restart must not lose is on the disk by the next group commit.
      await until('the verdicts in the store', async () => {
        return (await evaluator.get<{ items: unknown[] }>('/api/v1/verdicts?active=true')).items.length === 3;
      });
      const before = await heldIds();
      await enforcedWhile(end().then(() => startAgain()));
      expect(await activeIds()).toEqual(before);
      expect(await heldIds()).toEqual(before);
      expect(await callAll()).toEqual(REROUTED);
    });
  }

  it('are enforced without an evaluator until the lease ends; then onStale decides, and each record says so', async () => {
    await Promise.all([app.stop(), evaluator.stop()]);
    evaluator = await startEvaluator(options(evaluator.port, SHORT_LEASE));
    app = await startTheApp();
    await until('the directives', async () => (await app.status()).directives.length === 3);
    await evaluator.kill();
    const killed = performance.now();
    while (performance.now() - killed < (SHORT_LEASE / 3) * 1000) {
      expect(await callAll()).toEqual(REROUTED);
      await sleep(20);
    }
    await until(
      'the end of the leases',
      async () => {
        return (await app.status()).directives.every(({ stale }) => stale);
      },
      SHORT_LEASE * 1000 + 1000,
    );
    const after: string[][] = [];
    for (let i = 0; i < 5; i++) after.push(await callAll());
    expect(after).toEqual(Array(5).fill(['by previous-version', 'by allow-model', 'GUARDSPAN_DENIED']));

    const said = (spans: typeof path.userSpans, model: string): unknown[] =>
      spans
        .filter(({ attributes }) => attributes[ATTR.MODEL_NAME] === model)
        .slice(-5)
        .map(({ attributes }) => attributes[ATTR.DISPOSITION]);
    for (const [onStale, disposition] of [
      ['keep', 'enforced_stale'],
      ['allow', 'allow_stale'],
      ['deny', 'deny_stale'],
    ]) {
      const five = Array(5).fill(disposition);
      await until(`the spans of ${disposition}`, () => {
        return said(path.userSpans, `${onStale}-model`).every((one, i) => one === five[i]);
      });
    }

    // The records wait in the app until somebody takes them, and say the same.
    await startAgain();
    const dispositions = await until('the decisions in the audit', async () => {
      const { items } = await evaluator.get<{
        items: { kind: string; body: { model: string; disposition: string } }[];
      }>('/api/v1/audit?kind=decision&descending=true&limit=1000');
      const counts: Record<string, number> = {};
      for (const { kind, body } of items) {
        if (kind !== 'decision' || !/stale/.test(body.disposition)) continue;
        const key = `${body.model} ${body.disposition}`;
        counts[key] = (counts[key] ?? 0) + 1;
      }
      return Object.keys(counts).length === 3 && counts;
    });
    expect(dispositions).toEqual({
      'keep-model enforced_stale': 5,
      'allow-model allow_stale': 5,
      'deny-model deny_stale': 5,
    });
  });
});
