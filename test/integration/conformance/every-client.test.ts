import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLIENTS } from '../../src/conformance/clients/all.js';
import { startWireServer, type WireServer } from '../../src/conformance/run/wire-server.js';
import { cleanEnv } from '../support/clean-env.js';
import { startEvaluator, type Evaluator } from '../support/evaluator.js';
import { createScratch, inRepository } from '../support/scratch.js';

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

const scratch = createScratch();
const servers = new Map<string, WireServer>();
let evaluator: Evaluator;
beforeAll(async () => {
  scratch.write('rails/watch.yaml', WATCH);
  evaluator = await startEvaluator({ dataDir: scratch.path('data'), guardrails: scratch.path('rails') });
  for (const client of CLIENTS) servers.set(client.name, await startWireServer(client));
});
afterAll(async () => {
  await evaluator?.stop();
  for (const server of servers.values()) await server.close();
  scratch.remove();
});

it('covers every client and every kind of call in a bundle with short names, each call once', async () => {
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
  const urls = Object.fromEntries([...servers].map(([name, { url }]) => [name, url]));
  const { stdout } = await promisify(execFile)(process.execPath, [scratch.path('app.mjs')], {
    env: cleanEnv({
      CONFORMANCE_URLS: JSON.stringify(urls),
      OTEL_SERVICE_NAME: 'bundle',
      GUARDSPAN_ENDPOINT: evaluator.url,
      GUARDSPAN_OTLP_ENDPOINT: evaluator.url,
      GUARDSPAN_SNAPSHOT_DIR: 'off',
    }),
    timeout: 60_000,
  });
  const said = JSON.parse(stdout.trim().split('\n').at(-1)!) as { calls: number };
  expect(said).toMatchObject({ refused: [], failed: [], gaps: [] });
  expect(said).toMatchObject({ coverage: { calls: said.calls, guarded: said.calls, coverage: 1 } });
  expect(said.calls).toBeGreaterThan(100);
}, 120_000);
