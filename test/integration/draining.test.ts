import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATTR } from '@guardspan/policy';
import { watchChild } from './support/child.js';
import { cleanEnv } from './support/clean-env.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { startBackend, type Receiver } from './support/receivers.js';
import { createScratch, inRepository } from './support/scratch.js';
import { until } from './support/until.js';

const LARGE_AMOUNTS = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: large-amounts }
spec:
  match: { models: [scorer] }
  at: request
  when: 'features.amount > 100.0'
  action: { deny: {} }
  mode: enforce
`;
const DENIED = 'GUARDSPAN_DENIED';

const scratch = createScratch();
let evaluator: Evaluator;
let backend: Receiver;
beforeAll(async () => {
  scratch.write('rails/large-amounts.yaml', LARGE_AMOUNTS);
  evaluator = await startEvaluator({ dataDir: scratch.path('data'), guardrails: scratch.path('rails') });
  backend = await startBackend();
});
afterAll(async () => {
  await evaluator?.stop();
  await backend?.close();
  scratch.remove();
});

/** Runs the app, tells it to end when it is ready, and lets it end by itself. */
async function run(service: string, channel: string, signal: 'SIGTERM' | 'SIGINT') {
  const args = ['--import', '@guardspan/instrumentation/register', inRepository('test/fixtures/apps/draining.mjs')];
  const env = {
    SIGNAL: signal,
    OTEL_SERVICE_NAME: service,
    OTEL_EXPORTER_OTLP_ENDPOINT: backend.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    GUARDSPAN_CHANNEL: channel,
    GUARDSPAN_ENDPOINT: evaluator.url,
    GUARDSPAN_OTLP_ENDPOINT: evaluator.url,
    GUARDSPAN_SNAPSHOT_DIR: 'off',
  };
  const process_ = spawn(process.execPath, args, {
    cwd: inRepository('test'),
    env: cleanEnv(env),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const child = watchChild(process_);
  const said: { ready?: boolean; drained?: string[]; last?: string[] } = {};
  createInterface({ input: process_.stdout }).on('line', (line) => Object.assign(said, JSON.parse(line)));
  await until('the app is ready', () => said.ready !== undefined);
  process_.kill(signal);
  const killed = setTimeout(() => process_.kill('SIGKILL'), 20_000);
  const code = await child.exited;
  clearTimeout(killed);
  return { code, said };
}

describe('a service with a handler of its own that is told to end', () => {
  for (const [channel, signal] of [
    ['websocket', 'SIGTERM'],
    ['pull', 'SIGINT'],
  ] as const) {
    it(`is guarded until it has ended, and all of it is on record, after ${signal} and by ${channel}`, async () => {
      const service = `drained-by-${channel}`;
      const { code, said } = await run(service, channel, signal);
      expect(said).toEqual({ ready: true, drained: Array(20).fill(DENIED), last: [DENIED] });
      expect(code).toBe(0);

      const { items } = await evaluator.get<{ items: { actor: string }[] }>('/api/v1/audit?kind=decision&limit=1000');
      expect(items.filter(({ actor }) => actor.startsWith(`agent:${service}/`))).toHaveLength(21);
      const spans = backend.spans.filter(({ resource }) => resource['service.name'] === service);
      expect(spans.map(({ attributes }) => attributes[ATTR.MODEL_NAME])).toEqual(Array(21).fill('scorer'));
    });
  }
});
