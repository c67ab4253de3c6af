import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from './support/app.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

const OUTAGE = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: outage }
spec:
  match: { models: [scorer] }
  over:
    window: 1m
    every: 0s
    minSamples: 5
    groupBy: [service, model]
    signals: { failed: { ratio: "error.type != ''" } }
  when: 'failed > 0.5'
  action: { shutdown: { retryAfter: 1s } }
  probe: { share: 0, perSecond: 0 }
  mode: enforce
`;
const REFUSED = 'GUARDSPAN_SHUTDOWN';

interface Process {
  service: string;
  instance: string;
  incarnation: string;
}

const scratch = createScratch();
let evaluator: Evaluator;
let app: App;
beforeAll(async () => {
  scratch.write('rails/outage.yaml', OUTAGE);
  evaluator = await startEvaluator({ dataDir: scratch.path('data'), guardrails: scratch.path('rails') });
  app = await startApp({ service: 'shop', file: 'reload.mjs', evaluator: evaluator.url });
});
afterAll(async () => {
  await app?.stop();
  await evaluator?.stop();
  scratch.remove();
});

/** Workers of the fleet: the primary makes no calls, and is in it, too. */
const fleet = async (): Promise<Process[]> => (await evaluator.get<{ items: Process[] }>('/api/v1/fleet')).items;
const outcomes = async (): Promise<string[]> => (await app.run<string[][]>('call', { fail: true })).flat();

describe('workers of a cluster that are replaced', () => {
  it('are processes of their own, and a verdict holds in the new ones from their first call on', async () => {
    const before = await fleet();
    expect(before).toHaveLength(3);
    expect(new Set(before.map(({ instance }) => instance)).size).toBe(3);
    let refused = 0;
    await until('the shutdown in each worker', async () => {
      const said = await outcomes();
      refused += said.filter((outcome) => outcome === REFUSED).length;
      return said.every((outcome) => outcome === REFUSED);
    });

    const { during, replaced } = await app.run<{ during: string[]; replaced: unknown[] }>('reload');
    expect(replaced).toEqual(Array(2).fill({ ready: true, code: 0 }));
    expect(during.length).toBeGreaterThan(0);
    expect(new Set(during)).toEqual(new Set([REFUSED]));
    const after = await outcomes();
    expect(after).toEqual([REFUSED, REFUSED]);

    // What the old workers refused is on record, too.
    const expected = refused + during.length + after.length;
    await until('every refusal is on record', async () => {
      const { items } = await evaluator.get<{ items: unknown[] }>('/api/v1/audit?kind=decision&limit=1000');
      return items.length === expected;
    });
    await until('the old workers left the fleet', async () => (await fleet()).length === 3);
    const known = new Set(before.map(({ incarnation }) => incarnation));
    expect((await fleet()).filter(({ incarnation }) => known.has(incarnation))).toHaveLength(1);
  });
});
