import { rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from './support/app.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { createScratch } from './support/scratch.js';

const DENY = ['first', 'second'].map(
  (name) => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-${name} }
spec:
  match: { models: [${name}] }
  at: request
  when: 'features.amount > 100.0'
  action: { deny: {} }
  mode: enforce
`,
);
/** Milliseconds in which a kill switch must work. */
const BAR = 1000;
const DENIED = 'GUARDSPAN_DENIED';

const scratch = createScratch();
const killFile = scratch.path('kill');
let evaluator: Evaluator;
let app: App;
beforeAll(async () => {
  scratch.write('rails/deny.yaml', DENY.join('---'));
  evaluator = await startEvaluator({ dataDir: scratch.path('data'), guardrails: scratch.path('rails') });
  app = await startApp({
    service: 'shop',
    evaluator: evaluator.url,
    models: ['first', 'second'],
    env: { GUARDSPAN_KILL_FILE: killFile },
  });
  await app.inForce(2);
});
afterAll(async () => {
  await app?.stop();
  await evaluator?.kill();
  scratch.remove();
});

const ask = async (model: string): Promise<string> => (await app.call({ model, amount: 500 }))[0]!;

/** Milliseconds until a call of the model ends so. */
async function timeUntil(model: string, outcome: string): Promise<number> {
  const began = performance.now();
  while ((await ask(model)) !== outcome) {
    if (performance.now() - began > 5 * BAR) break;
  }
  return performance.now() - began;
}

describe('a kill switch stops enforcement in less than a second', () => {
  it('by the API, in its scope, until it is lifted or ends by itself', async () => {
    expect([await ask('first'), await ask('second')]).toEqual([DENIED, DENIED]);
    const engaged = await evaluator.ask<{ id: string }>('/api/v1/kill', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        scope: { guardrail: 'no-first', model: '', service: 'shop' },
        reason: 'false alarms',
        expiresIn: 600,
      }),
    });
    expect(engaged.status).toBe(201);
    expect(await timeUntil('first', 'by first')).toBeLessThan(BAR);
    expect(await ask('second')).toBe(DENIED);
    expect(await evaluator.metric('guardspan_kill_switch_active')).toBe(1);

    const lifted = await evaluator.ask(`/api/v1/kill/${engaged.body.id}?reason=fixed`, { method: 'DELETE' });
    expect(lifted.status).toBe(200);
    expect(await timeUntil('first', DENIED)).toBeLessThan(BAR);

    const brief = await evaluator.ask('/api/v1/kill', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'a brief stop of everything', expiresIn: 1.5 }),
    });
    expect(brief.status).toBe(201);
    expect(await timeUntil('second', 'by second')).toBeLessThan(BAR);
    expect(await timeUntil('second', DENIED)).toBeLessThan(1500 + BAR);
  });

  it('by the environment, for a process that starts with it', async () => {
    const disabled = await startApp({
      service: 'shop',
      evaluator: evaluator.url,
      models: ['first'],
      env: { GUARDSPAN_DISABLED: 'true' },
    });
    try {
      await disabled.inForce(2);
      expect(await disabled.call({ amount: 500 })).toEqual(['by first']);
      expect(await disabled.status()).toMatchObject({
        kill: { disabled: true },
        gaps: [{ reason: 'disabled', name: 'first', count: 1 }],
      });
    } finally {
      await disabled.stop();
    }
  });

  it('by a local file, also when the evaluator is dead', async () => {
    await evaluator.kill();
    expect(await ask('first')).toBe(DENIED);
    writeFileSync(killFile, '');
    expect(await timeUntil('first', 'by first')).toBeLessThan(BAR);
    expect((await app.status()).kill.file).toBe(true);
    rmSync(killFile);
    expect(await timeUntil('first', DENIED)).toBeLessThan(BAR);
  });
});
