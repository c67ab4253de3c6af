import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from './support/app.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

const redact = (mode: string): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: redact-mail, managedBy: ui }
spec:
  match: { services: [shop] }
  at: request
  uses: { pii: { detector: pii, on: prompt.text, entities: [email] } }
  when: 'pii.count > 0'
  action: { redact: { detections: [pii] } }
  mode: ${mode}
`;

const scratch = createScratch();
let evaluator: Evaluator;
let app: App;
beforeAll(async () => {
  evaluator = await startEvaluator({ dataDir: scratch.path('data') });
  // Guarded functions cannot be redacted: Guardspan does not know what in their arguments is text.
  app = await startApp({ service: 'shop', evaluator: evaluator.url });
  await until('the app in the fleet', async () => {
    return (await evaluator.get<{ total: number }>('/api/v1/fleet')).total === 1;
  });
});
afterAll(async () => {
  await app?.stop();
  await evaluator?.stop();
  scratch.remove();
});

const view = async (): Promise<{ revision: string; inert: string | null; guardrail: { spec: { mode: string } } }> => {
  const { items } = await evaluator.get<{ items: Awaited<ReturnType<typeof view>>[] }>('/api/v1/guardrails');
  expect(items).toHaveLength(1);
  return items[0]!;
};
const metric = (): Promise<number | undefined> =>
  evaluator.metric('guardspan_guardrail_inert{guardrail="redact-mail"}');

describe('a guard-rail that can act nowhere', () => {
  it('is inert in the API and in the metric, and cannot be enforced', async () => {
    expect(await evaluator.putGuardrail('redact-mail', redact('enforce'))).toMatchObject({
      status: 409,
      body: { code: 'GUARDSPAN_INERT' },
    });
    const created = await evaluator.putGuardrail('redact-mail', redact('warn'));
    expect(created).toMatchObject({ status: 201, body: { warnings: [expect.stringContaining('act nowhere')] } });
    const { inert, revision } = await view();
    expect(inert).toContain('can carry out this action');
    expect(await metric()).toBe(1);

    const refused = await evaluator.putGuardrail('redact-mail', redact('enforce'), { 'if-match': `"${revision}"` });
    expect(refused).toMatchObject({ status: 409, body: { code: 'GUARDSPAN_INERT' } });
    expect(await view()).toMatchObject({ revision, guardrail: { spec: { mode: 'warn' } } });
  });

  it('is so no longer once a process that can carry it out connects, and may then be enforced', async () => {
    const able = await startApp({
      service: 'shop',
      evaluator: evaluator.url,
      env: { OPENAI_URL: 'http://127.0.0.1:9' },
    });
    try {
      await until('a place where it can act', async () => (await view()).inert === null);
      expect(await metric()).toBe(0);
      const { revision } = await view();
      const enforced = await evaluator.putGuardrail('redact-mail', redact('enforce'), { 'if-match': `"${revision}"` });
      expect(enforced.status).toBe(200);
      expect(await view()).toMatchObject({ inert: null, guardrail: { spec: { mode: 'enforce' } } });
    } finally {
      await able.stop();
    }
    await until('the state of the others again', async () => (await view()).inert !== null);
    expect(await metric()).toBe(1);
  });
});
