import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from './support/app.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

const LARGE = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: large }
spec:
  at: request
  when: 'features.amount > 100.0'
  action: { deny: {} }
  mode: enforce
`;

const scratch = createScratch();
let evaluator: Evaluator;
let app: App;
beforeAll(async () => {
  scratch.write('rails/large.yaml', LARGE);
  evaluator = await startEvaluator({ dataDir: scratch.path('data'), guardrails: scratch.path('rails') });
  app = await startApp({
    service: 'function',
    file: 'function.mjs',
    evaluator: evaluator.url,
    env: { GUARDSPAN_CHANNEL: 'pull' },
  });
});
afterAll(async () => {
  app?.process.kill('SIGCONT');
  await app?.stop();
  await evaluator?.stop();
  scratch.remove();
});

const decisions = async (): Promise<number> =>
  (await evaluator.get<{ items: unknown[] }>('/api/v1/audit?kind=decision&limit=1000')).items.length;
const guarded = async (): Promise<number> => (await evaluator.get<{ guarded: number }>('/api/v1/coverage')).guarded;

describe('a function that is frozen between its calls', () => {
  it('is guarded from its first call on, and what it had to say has arrived before it freezes', async () => {
    for (let invocation = 1; invocation <= 3; invocation++) {
      const answer = await app.run('invoke', { amount: 200 });
      app.process.kill('SIGSTOP');
      expect(answer).toEqual({ ready: true, outcomes: ['GUARDSPAN_DENIED'] });
      // The process cannot say anything now.
      await until('the decision', async () => (await decisions()) === invocation);
      await until('the call', async () => (await guarded()) === invocation);
      await sleep(1200);
      app.process.kill('SIGCONT');
    }
  });
});
