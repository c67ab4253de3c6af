import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** A program that a benchmark started. */
export interface Program {
  readonly child: ChildProcess;
  /** Ends it with SIGTERM and waits. */
  stop(): Promise<void>;
}

/**
 * Starts `guardspan serve` in a process of its own, single-user, on loopback.
 * @param options `port` 0 takes a free one; `guardrails` are YAML texts
 */
export async function startEvaluator(options: {
  folder: string;
  guardrails: readonly string[];
  port?: number;
}): Promise<Program & { url: string }> {
  const documents = join(options.folder, 'guardrails');
  mkdirSync(documents, { recursive: true });
  options.guardrails.forEach((text, index) => writeFileSync(join(documents, `${index}.yaml`), text));
  const child = spawn(
    process.execPath,
    [
      ...[join(ROOT, 'cli/dist/main.js'), 'serve', '--single-user', '--log-level', 'error'],
      ...['--listen', `127.0.0.1:${options.port ?? 0}`, '--grpc-listen', 'off'],
      ...['--data-dir', join(options.folder, 'data'), '--guardrails', documents],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const line = await firstLine(child, 'guardspan serve');
  return { child, url: (JSON.parse(line) as { url: string }).url, stop: () => end(child) };
}

/** Starts one of our own programs beside this folder, with a channel for messages. */
export function startHelper(name: string, args: readonly string[]): Program {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`./${name}.js`, import.meta.url)), ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return { child, stop: () => end(child) };
}

/** Starts the real Collector with the shipped agent configuration. `url` is its OTLP/HTTP receiver. */
export async function startCollector(binary: string, evaluator: string): Promise<Program & { url: string }> {
  const [grpc, http, health, metrics] = await freePorts(4);
  const child = spawn(binary, ['--config', join(ROOT, 'collector/agent.yaml')], {
    stdio: 'ignore',
    env: {
      ...process.env,
      GUARDSPAN_COLLECTOR_GRPC_PORT: String(grpc),
      GUARDSPAN_COLLECTOR_HTTP_PORT: String(http),
      GUARDSPAN_COLLECTOR_HEALTH_PORT: String(health),
      GUARDSPAN_COLLECTOR_METRICS_PORT: String(metrics),
      GUARDSPAN_EVALUATOR_OTLP_HTTP: evaluator,
      GUARDSPAN_AGENT_TOKEN: 'none',
      // No span of the benchmark goes to the tracing branch.
      GUARDSPAN_TRACING_ENDPOINT: '127.0.0.1:9',
      GUARDSPAN_TRACING_INSECURE: 'true',
    },
  });
  const stop = (): Promise<void> => end(child);
  for (const deadline = Date.now() + 30_000; ; await sleep(50)) {
    const healthy = await fetch(`http://127.0.0.1:${health}/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return { child, url: `http://127.0.0.1:${http}`, stop };
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error('the Collector did not become healthy within 30 s');
    }
  }
}

/** Ports that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function firstLine(child: ChildProcess, name: string): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
    });
    child.once('exit', (code) => reject(new Error(`${name} ended with code ${String(code)}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await Promise.race([exited, sleep(5000).then(() => child.kill('SIGKILL'))]);
  await exited;
}
