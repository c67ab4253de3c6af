import { mkdirSync, statSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ATTR } from '@guardspan/policy';
import { startApp, type App } from './support/app.js';
import { startEvaluator } from './support/evaluator.js';
import { startBackend, type Receiver } from './support/receivers.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

const NO_LARGE_AMOUNTS = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-large-amounts }
spec:
  match: { models: [scorer] }
  at: request
  when: 'features.amount > 100.0'
  action: { deny: { guidance: Ask for less. } }
  mode: enforce
`;
/** A port on which nothing listens. */
const NOBODY = 'http://127.0.0.1:9';

const scratch = createScratch();
let backend: Receiver;
let app: App;
beforeAll(async () => {
  backend = await startBackend();
  scratch.write('rails/no-large-amounts.yaml', NO_LARGE_AMOUNTS);
});
afterEach(async () => {
  await app?.stop();
});
afterAll(async () => {
  await backend?.close();
  scratch.remove();
});

/** What the last span says was decided. */
const lastSpan = (count: number): Promise<Record<string, unknown>> =>
  until('the spans', () => backend.spans.length >= count && backend.spans.at(-1)!.attributes);

describe('an app without an evaluator', () => {
  for (const [how, evaluator] of [
    ['is configured', undefined],
    ['can be reached', NOBODY],
  ] as const) {
    it(`starts and runs when none ${how}, and says not_evaluated`, async () => {
      backend.spans.length = 0;
      app = await startApp({
        service: 'shop',
        backend: backend.url,
        ...(evaluator === undefined ? {} : { evaluator }),
      });
      expect(await app.call({ count: 5 })).toEqual(Array(5).fill('by scorer'));
      expect(await app.call({ fail: true })).toEqual(['failed']);
      const attributes = await lastSpan(6);
      expect(backend.spans.map((span) => span.attributes[ATTR.DISPOSITION])).toEqual(Array(6).fill('not_evaluated'));
      expect(attributes).toMatchObject({ [ATTR.DISPOSITION]: 'not_evaluated' });
      expect(await app.status()).toMatchObject({
        freshness: 'none',
        guardrails: 0,
        coverage: { calls: 6, guarded: 0, coverage: 0 },
        gaps: [{ reason: 'no_guardrails', name: 'scorer', count: 6 }],
        failures: 0,
      });
      await app.stop();
      expect(app.process.signalCode).toBe('SIGTERM');
    });
  }

  it('enforces the inline guard-rails of its last run, and says enforced_stale', async () => {
    const folder = scratch.path('snapshot');
    mkdirSync(folder);
    const env = { GUARDSPAN_SNAPSHOT_DIR: folder };
    const evaluator = await startEvaluator({ dataDir: scratch.path('data'), guardrails: scratch.path('rails') });
    try {
      app = await startApp({ service: 'shop', evaluator: evaluator.url, backend: backend.url, env });
      await app.inForce(1);
      backend.spans.length = 0;
      expect(await app.call({ amount: 500 })).toEqual(['GUARDSPAN_DENIED']);
      expect(await lastSpan(1)).toMatchObject({ [ATTR.DISPOSITION]: 'enforced' });
      await app.stop();
    } finally {
      await evaluator.stop();
    }
    expect(statSync(folder).mode & 0o777).toBe(0o700);

    backend.spans.length = 0;
    app = await startApp({ service: 'shop', evaluator: NOBODY, backend: backend.url, env });
    expect(await app.call({ amount: 500 })).toEqual(['GUARDSPAN_DENIED']);
    expect(await lastSpan(1)).toMatchObject({
      [ATTR.DISPOSITION]: 'enforced_stale',
      [ATTR.ACTION]: 'deny',
      [ATTR.VERDICT_GUARDRAIL]: 'no-large-amounts',
    });
    expect(await app.call({ amount: 5 })).toEqual(['by scorer']);
    expect(await lastSpan(2)).toMatchObject({ [ATTR.DISPOSITION]: 'allow' });
    expect(await app.status()).toMatchObject({ freshness: 'stale', guardrails: 1 });
  });
});
