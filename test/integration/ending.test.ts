import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanEnv } from './support/clean-env.js';
import { startEvaluator, type Evaluator } from './support/evaluator.js';
import { createScratch, inRepository } from './support/scratch.js';

/** Seconds from the end of the work: what waits may take two, the rest is noise. An exchange or an export that nobody answers would take ten. */
const LIMIT = 6;

const scratch = createScratch();
const sockets = new Set<Socket>();
let silent: Server;
let evaluator: Evaluator;
beforeAll(async () => {
  silent = createServer((socket) => sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  evaluator = await startEvaluator({ dataDir: scratch.path('data') });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  silent.close();
  await evaluator?.stop();
  scratch.remove();
});

/** Runs an app to its end. */
async function run(channel: string, url: string): Promise<{ code: number | null; output: string; seconds: number }> {
  const args = ['--import', '@guardspan/instrumentation/register', inRepository('test/fixtures/apps/job.mjs')];
  const env = {
    GUARDSPAN_CHANNEL: channel,
    GUARDSPAN_ENDPOINT: url,
    GUARDSPAN_OTLP_ENDPOINT: url,
    GUARDSPAN_SNAPSHOT_DIR: 'off',
    OTEL_TRACES_EXPORTER: 'none',
  };
  const child = spawn(process.execPath, args, {
    cwd: inRepository('test'),
    env: cleanEnv(env),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let doneAt = 0;
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString();
    doneAt = performance.now();
  });
  const killed = setTimeout(() => child.kill('SIGKILL'), 25_000);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(killed);
  return { code, output: output.trim(), seconds: (performance.now() - doneAt) / 1000 };
}

describe('a process that has done its work ends by itself', () => {
  for (const channel of ['websocket', 'pull', 'auto']) {
    it(`beside an evaluator, by ${channel}`, async () => {
      const { code, output, seconds } = await run(channel, evaluator.url);
      expect([code, output]).toEqual([0, 'by scorer']);
      expect(seconds).toBeLessThan(LIMIT);
    });

    it(`beside an evaluator that takes connections and never answers, by ${channel}`, async () => {
      const { port } = silent.address() as AddressInfo;
      const { code, output, seconds } = await run(channel, `http://127.0.0.1:${port}`);
      expect([code, output]).toEqual([0, 'by scorer']);
      expect(seconds).toBeLessThan(LIMIT);
    });
  }
});
