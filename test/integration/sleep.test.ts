import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATTR } from '@guardspan/policy';
import { startApp, type App } from './support/app.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { startBackend, type Receiver } from './support/receivers.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

const LEASE = 3;
/** Longer than the lease and than the three heartbeats after which each side gives the other up. Milliseconds. */
const SLEPT = 4500;
const REROUTE = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: failing }
spec:
  match: { models: [scorer] }
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
  onStale: allow
  mode: enforce
`;

const scratch = createScratch();
let evaluator: Evaluator;
let backend: Receiver;
let app: App;
beforeAll(async () => {
  scratch.write('rails/failing.yaml', REROUTE);
  evaluator = await startEvaluator({
    dataDir: scratch.path('data'),
    guardrails: scratch.path('rails'),
    args: ['--lease', `${LEASE}s`, '--heartbeat', '1s'],
  });
  backend = await startBackend();
  app = await startApp({ service: 'shop', evaluator: evaluator.url, backend: backend.url });
  await app.inForce(1);
});
afterAll(async () => {
  app?.process.kill('SIGCONT');
  await app?.stop();
  await backend?.close();
  await evaluator?.kill();
  scratch.remove();
});

const fleet = async (): Promise<number> => (await evaluator.get<{ total: number }>('/api/v1/fleet')).total;
async function fire(): Promise<void> {
  await app.call({ count: 10, fail: true });
  await until('the directive', async () => (await app.status()).directives.length === 1);
  expect(await app.call()).toEqual(['by previous-version']);
}
async function asleep(milliseconds: number, meanwhile: () => Promise<unknown>): Promise<void> {
  app.process.kill('SIGSTOP');
  await sleep(milliseconds);
  await meanwhile();
  app.process.kill('SIGCONT');
}

describe.skipIf(process.platform === 'win32')('a process that slept longer than its lease', () => {
  it('is given up meanwhile, and knows after it woke what was released', async () => {
    await fire();
    await asleep(SLEPT, async () => {
      expect(await fleet()).toBe(0);
      const { items } = await evaluator.get<{ items: { id: string }[] }>('/api/v1/verdicts?active=true');
      const released = await evaluator.ask(`/api/v1/verdicts/${items[0]!.id}/release`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ reason: 'repaired' }),
      });
      expect(released.status).toBe(200);
    });
    await until('the app to be back', async () => (await fleet()) === 1);
    await until('the release', async () => (await app.status()).directives.length === 0);
    expect(await app.call()).toEqual(['by scorer']);
  });

  it('is stale: what the evaluator had sent before it died renews nothing', async () => {
    await fire();
    await asleep(SLEPT, () => evaluator.kill());
    await sleep(200);
    const seen = backend.spans.length;
    expect(await app.call({ count: 3 })).toEqual(Array(3).fill('by scorer'));
    await until('the spans', () => backend.spans.length === seen + 3);
    expect(backend.spans.slice(seen).map(({ attributes }) => attributes[ATTR.DISPOSITION])).toEqual(
      Array(3).fill('allow_stale'),
    );
  });
});
