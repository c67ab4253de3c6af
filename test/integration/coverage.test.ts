import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from './support/app.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { startModelServer, type ModelServer } from './support/model-server.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

const INLINE = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: watch }
spec:
  at: request
  when: "operation == 'never'"
  action: { annotate: { attributes: { seen: never } } }
  mode: enforce
`;

interface CoverageBody {
  guarded: number;
  unguarded: number;
  coverage: number | null;
  gaps: { service: string; reason: string; name: string; count: number }[];
}

const scratch = createScratch();
let evaluator: Evaluator;
let server: ModelServer;
let app: App;
beforeAll(async () => {
  scratch.write('rails/watch.yaml', INLINE);
  evaluator = await startEvaluator({ dataDir: scratch.path('data'), guardrails: scratch.path('rails') });
  server = await startModelServer();
  app = await startApp({
    service: 'shop',
    evaluator: evaluator.url,
    env: { OPENAI_URL: server.url, GUARDSPAN_MODEL_HOSTS: `localhost:${new URL(server.url).port}` },
  });
  await app.inForce(1);
});
afterAll(async () => {
  await app?.stop();
  await server?.close();
  await evaluator?.stop();
  scratch.remove();
});

const coverage = (): Promise<CoverageBody> => evaluator.get('/api/v1/coverage');
const reported = (calls: number): Promise<CoverageBody> =>
  until(`${calls} calls in the coverage`, async () => {
    const report = await coverage();
    return report.guarded + report.unguarded >= calls && report;
  });

describe('coverage', () => {
  it('is lowered by exactly two by one raw fetch to a model host and one call of an unpatched client, each named', async () => {
    await app.call({ count: 6 });
    await app.run('chat', { model: 'large-model', count: 2 });
    expect(await reported(8)).toMatchObject({ guarded: 8, unguarded: 0, coverage: 1, gaps: [] });

    const { port } = new URL(server.url);
    // By this name it is a model host, by configuration; the path alone would not tell.
    expect(await app.run('fetch', { url: `http://localhost:${port}/generate`, body: { model: 'a' } })).toBe(200);
    // A client that is loaded and has nothing that Guardspan knows how to guard.
    const warnings = await app.run<string[]>('unpatched', '@anthropic-ai/sdk');
    expect(warnings).toEqual([expect.stringMatching(/@anthropic-ai\/sdk@.* is loaded but not guarded/)]);
    expect(await app.run('http', { url: `${server.url}/v1/messages`, body: { model: 'b' } })).toBe(200);
    // Neither asks a model.
    expect(await app.run('fetch', { url: `${server.url}/v1/files`, body: {} })).toBe(200);
    expect(await app.run('http', { url: `${server.url}/orders`, body: {} })).toBe(200);

    const report = await reported(10);
    expect(report).toMatchObject({ guarded: 8, unguarded: 2, coverage: 0.8 });
    const named = report.gaps;
    expect(named).toHaveLength(2);
    expect(named).toEqual(
      expect.arrayContaining([
        { service: 'shop', reason: 'raw_http', name: `localhost:${port}`, count: 1 },
        { service: 'shop', reason: 'unpatched_client', name: '@anthropic-ai/sdk', count: 1 },
      ]),
    );
    for (const reason of ['raw_http', 'unpatched_client'])
      expect(await evaluator.metric(`guardspan_calls_unguarded_total{service="shop",reason="${reason}"}`)).toBe(1);
    expect(await evaluator.metric('guardspan_coverage{service="shop"}')).toBe(0.8);
    const status = await app.status();
    expect(status.coverage).toEqual({ calls: 10, guarded: 8, coverage: 0.8 });
    expect(status.gaps).toContainEqual({ reason: 'unpatched_client', name: '@anthropic-ai/sdk', count: 1 });
  });
});
