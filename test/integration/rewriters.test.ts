import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from './support/app.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { startModelServer, type ModelServer } from './support/model-server.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

const rewriteBy = (name: string, by: string): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: ${name}, managedBy: ui }
spec:
  match: { services: [shop], models: [${name}] }
  at: request
  when: 'true'
  action: { rewrite: { by: ${by} } }
  mode: enforce
  onError: deny
`;

const scratch = createScratch();
let evaluator: Evaluator;
let models: ModelServer;
let app: App;
beforeAll(async () => {
  evaluator = await startEvaluator({ dataDir: scratch.path('data') });
  models = await startModelServer();
  app = await startApp({
    service: 'shop',
    evaluator: evaluator.url,
    env: { OPENAI_URL: models.url, REWRITER: 'capitals' },
  });
  await app.inForce(0);
});
afterAll(async () => {
  await app?.stop();
  await evaluator?.stop();
  await models?.close();
  scratch.remove();
});

interface Process {
  rewriters: string[];
  errors: { guardrail: string; code: string }[];
}
const fleet = async (): Promise<Process[]> => (await evaluator.get<{ items: Process[] }>('/api/v1/fleet')).items;

describe('a rewriter that a process declares', () => {
  it('is announced, and shown in the fleet', async () => {
    expect(await fleet()).toMatchObject([{ rewriters: ['capitals'] }]);
  });

  it('rewrites what is sent once a guard-rail names it', async () => {
    expect(await evaluator.putGuardrail('loud', rewriteBy('loud', 'capitals'))).toMatchObject({ status: 201 });
    await app.inForce(1);
    expect(await app.run('chat', { model: 'loud' })).toEqual(['by loud']);
    expect(models.said).toEqual(['IS IT SO?']);
    await until('the decision on record', async () => {
      const { items } = await evaluator.get<{ items: unknown[] }>('/api/v1/audit?kind=decision&limit=10');
      return JSON.stringify(items).includes('"action":"rewrite"');
    });
  });
});

describe('a rewriter that not every process declares', () => {
  const published = (query?: string): ReturnType<Evaluator['putGuardrail']> =>
    evaluator.putGuardrail('quiet', rewriteBy('quiet', 'whisper'), undefined, query);

  it('leaves its guard-rail without a place to act while none does', async () => {
    expect(await published()).toMatchObject({ status: 409, body: { code: 'GUARDSPAN_INERT' } });
  });

  it('keeps it from being published; where the author allows it all the same, those who lack it nack it and go by onError', async () => {
    const other = await startApp({
      service: 'shop',
      evaluator: evaluator.url,
      env: { OPENAI_URL: models.url, REWRITER: 'whisper' },
    });
    try {
      await until('both in the fleet', async () => (await fleet()).length === 2);
      const refused = await published();
      expect(refused).toMatchObject({ status: 409, body: { code: 'GUARDSPAN_INCOMPATIBLE' } });
      expect(JSON.stringify(refused.body)).toContain('whisper');

      expect(await published('?allowPartial=true')).toMatchObject({ status: 201 });
      await until('the nack in the fleet', async () =>
        (await fleet()).some(
          ({ rewriters, errors }) =>
            rewriters.includes('capitals') && errors.some(({ code }) => code === 'UNKNOWN_REWRITER'),
        ),
      );
      await until('the rewriter at work', async () => {
        await other.run('chat', { model: 'quiet' });
        return models.said.at(-1) === 'IS IT SO?';
      });
      const sent = models.said.length;
      expect(await app.run('chat', { model: 'quiet' })).toEqual(['GUARDSPAN_DENIED']);
      expect(models.said).toHaveLength(sent);
    } finally {
      await other.stop();
    }
  });
});
