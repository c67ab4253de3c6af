import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from './support/app.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { EVALUATOR_HOST, startProxy, type Proxy } from './support/proxy.js';
import { createScratch, inRepository } from './support/scratch.js';
import { until } from './support/until.js';

const NO_LARGE_AMOUNTS = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-large-amounts }
spec:
  match: { models: [scorer] }
  at: request
  when: 'features.amount > 100.0'
  action: { deny: {} }
  mode: enforce
`;
const URL = `https://${EVALUATOR_HOST}`;

const scratch = createScratch();
let evaluator: Evaluator;
let proxy: Proxy;
let app: App | undefined;

beforeAll(async () => {
  scratch.write('rails/no-large-amounts.yaml', NO_LARGE_AMOUNTS);
  evaluator = await startEvaluator({ dataDir: scratch.path('data'), guardrails: scratch.path('rails') });
  proxy = await startProxy(evaluator.port);
});
afterEach(async () => {
  await app?.stop();
  app = undefined;
});
afterAll(async () => {
  proxy?.close();
  await evaluator?.stop();
  scratch.remove();
});

const start = (env: Record<string, string>): Promise<App> =>
  startApp({ service: 'shop', evaluator: URL, env: { HTTPS_PROXY: proxy.url, ...env } });

describe('an app behind a proxy, with an evaluator of a private certificate authority', () => {
  it('gets its guard-rails and reports its calls through it', async () => {
    app = await start({ NODE_EXTRA_CA_CERTS: inRepository('test/fixtures/tls/ca.pem') });
    await app.inForce(1);
    expect(await app.call({ amount: 500 })).toEqual(['GUARDSPAN_DENIED']);
    await until('the call', async () => (await evaluator.metric('guardspan_calls_total')) === 1);
    // The channel and the feed.
    expect(proxy.asked.length).toBeGreaterThanOrEqual(2);
    expect(new Set(proxy.asked)).toEqual(new Set([`${EVALUATOR_HOST}:443`]));
  });

  it('is not connected when it does not trust the authority, says why, and runs', async () => {
    app = await start({});
    const running = app;
    const { connectionError } = await until('the error', async () => {
      const status = await running.status();
      return status.connectionError !== '' && status;
    });
    expect(connectionError).toMatch(/certificate/);
    expect(await app.call({ amount: 500 })).toEqual(['by scorer']);
  });

  it('goes directly where NO_PROXY says so', async () => {
    const before = proxy.asked.length;
    app = await start({ NO_PROXY: EVALUATOR_HOST });
    const running = app;
    await until('the error', async () => (await running.status()).connectionError !== '');
    expect((await running.status()).connectionError).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(proxy.asked.length).toBe(before);
  });
});
