import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onnxModel } from '../../../instrumentation/test/support/onnx-file.js';
import { CLIENTS } from '../../src/conformance/clients/all.js';
import { startWireServer, type WireServer } from '../../src/conformance/run/wire-server.js';
import { startApp, type App } from '../support/app.js';
import { cleanEnv } from '../support/clean-env.js';
import { startEvaluator, type Evaluator } from '../support/evaluator.js';
import { createScratch, inRepository } from '../support/scratch.js';
import { until } from '../support/until.js';

const WATCH = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: watch }
spec:
  at: request
  when: "operation == 'never'"
  action: { annotate: { attributes: { seen: never } } }
  mode: enforce
`;

interface Coverage {
  guarded: number;
  unguarded: number;
  coverage: number | null;
  gaps: { service: string; reason: string; name: string; count: number }[];
}

const scratch = createScratch();
const servers = new Map<string, WireServer>();
/** Clients that are guarded by the address that they ask. */
const BY_ADDRESS = ['http', 'node-http', 'undici', 'vercel-ai'];
const IN_PROCESS = ['onnxruntime', 'guardModel'];

/** What the application prints. */
interface Said {
  calls: { [client: string]: number };
  streamed: { [client: string]: string[] };
  coverage: object;
}

let evaluator: Evaluator;
let app: App | undefined;
/** Calls of the application that uses every client. */
let calls = 0;
beforeAll(async () => {
  scratch.write('rails/watch.yaml', WATCH);
  evaluator = await startEvaluator({ dataDir: scratch.path('data'), guardrails: scratch.path('rails') });
  for (const client of CLIENTS) servers.set(client.name, await startWireServer(client));
});
afterAll(async () => {
  await app?.stop();
  await evaluator?.stop();
  for (const server of servers.values()) await server.close();
  scratch.remove();
});

it('covers every client and every kind of its calls in a bundle with short names, each call once', async () => {
  await build({
    entryPoints: [inRepository('test/dist/conformance/run/every-client.js')],
    outfile: scratch.path('app.mjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    external: ['onnxruntime-node'],
    logLevel: 'error',
  });
  // A native module stays outside of a bundle, in a folder beside it.
  symlinkSync(inRepository('node_modules'), scratch.path('node_modules'));
  const urls = Object.fromEntries([...servers].map(([name, { url }]) => [name, url]));
  const { stdout } = await promisify(execFile)(process.execPath, [scratch.path('app.mjs')], {
    env: cleanEnv({
      CONFORMANCE_URLS: JSON.stringify(urls),
      CONFORMANCE_ONNX: Buffer.from(onnxModel('Sigmoid', 2)).toString('base64'),
      GUARDSPAN_HTTP_MODELS: BY_ADDRESS.map((name) => `${urls[name]}/*`).join(','),
      OTEL_SERVICE_NAME: 'bundle',
      GUARDSPAN_ENDPOINT: evaluator.url,
      GUARDSPAN_OTLP_ENDPOINT: evaluator.url,
      GUARDSPAN_SNAPSHOT_DIR: 'off',
    }),
    timeout: 60_000,
  });
  const said = JSON.parse(stdout.trim().split('\n').at(-1)!) as Said;
  expect(said).toMatchObject({ refused: [], failed: [], gaps: [] });
  expect(Object.keys(said.calls)).toEqual([...CLIENTS.map(({ name }) => name), 'onnxruntime', 'guardModel']);
  for (const [client, streams] of Object.entries(said.streamed))
    expect([client, streams.length > 0]).toEqual([client, !IN_PROCESS.includes(client)]);
  calls = Object.values(said.calls).reduce((sum, made) => sum + made, 0);
  expect(calls).toBeGreaterThan(200);
  expect(said.coverage).toEqual({ calls, guarded: calls, coverage: 1 });
}, 120_000);

describe('the coverage that the evaluator shows for it', () => {
  const covered = (made: number): Promise<Coverage> =>
    until(`${made} calls in the coverage`, async () => {
      const report = await evaluator.get<Coverage>('/api/v1/coverage');
      return report.guarded + report.unguarded >= made && report;
    });

  it('is 1', async () => {
    expect(calls).toBeGreaterThan(200);
    expect(await covered(calls)).toMatchObject({ guarded: calls, unguarded: 0, coverage: 1, gaps: [] });
  });

  it('is lowered by a raw fetch, an unpatched client and a service with OpenLLMetry, each named', async () => {
    const { url } = servers.get('openai')!;
    const { port } = new URL(url);
    app = await startApp({
      service: 'shop',
      evaluator: evaluator.url,
      env: { GUARDSPAN_MODEL_HOSTS: `localhost:${port}` },
    });
    await app.inForce(1);
    const gaps: Coverage['gaps'] = [];
    const lowered = async (service: string, reason: string, name: string): Promise<void> => {
      gaps.push({ service, reason, name, count: 1 });
      const report = await covered(calls + gaps.length);
      expect(report).toMatchObject({ guarded: calls, unguarded: gaps.length });
      expect(report.coverage).toBeCloseTo(calls / (calls + gaps.length), 4);
      expect(report.gaps).toHaveLength(gaps.length);
      expect(report.gaps).toEqual(expect.arrayContaining(gaps));
    };

    await app.run('fetch', { url: `http://localhost:${port}/generate`, body: { model: 'a' } });
    await lowered('shop', 'raw_http', `localhost:${port}`);

    await app.run('unpatched', '@anthropic-ai/sdk');
    await app.run('http', { url: `${url}/v1/messages`, body: { model: 'b' } });
    await lowered('shop', 'unpatched_client', '@anthropic-ai/sdk');

    // One call, as OpenLLMetry records it.
    const recorded = readFileSync(inRepository('test/golden/mappers/openllmetry.otlp.json'), 'utf8');
    const answered = await fetch(`${evaluator.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: recorded,
    });
    expect(answered.status).toBe(200);
    await lowered('assistant', 'foreign_span', 'gpt-4o-mini');
  }, 60_000);
});
