import { spawn, spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { encodeSpans, type TestSpan } from './otlp.js';

/** The real Collector, which the test set-up builds; undefined when it could not. */
export const COLLECTOR = process.env['GUARDSPAN_COLLECTOR_BIN'];

if (COLLECTOR === undefined) {
  process.stderr.write(
    'Skipping the Collector tests: GUARDSPAN_COLLECTOR_BIN does not name a Collector (npm test builds one)\n',
  );
}

/** A running Collector. */
export interface RunningCollector {
  /** Its OTLP/HTTP receiver. */
  readonly url: string;
  /** Sends spans over OTLP/HTTP and waits until the Collector has taken them. */
  send(spans: readonly TestSpan[]): Promise<void>;
  stop(): Promise<void>;
}

/** Absolute path of a file in collector/. */
export function configPath(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

/** Runs the Collector's own check of configurations that are merged in this order. */
export function validate(
  configs: readonly string[],
  env: Readonly<Record<string, string>>,
): { code: number | null; output: string } {
  const result = spawnSync(COLLECTOR!, ['validate', ...configArguments(configs)], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return { code: result.status, output: `${result.stdout}${result.stderr}` };
}

/**
 * Starts the Collector with shipped configurations on free ports and waits until it is healthy.
 *
 * @throws Error with what the Collector printed, when it does not become healthy within 30 s.
 */
export async function startCollector(
  configs: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<RunningCollector> {
  const [grpc, http, health, metrics] = await freePorts(4);
  const child = spawn(COLLECTOR!, configArguments(configs), {
    env: {
      ...process.env,
      GUARDSPAN_COLLECTOR_GRPC_PORT: String(grpc),
      GUARDSPAN_COLLECTOR_HTTP_PORT: String(http),
      GUARDSPAN_COLLECTOR_HEALTH_PORT: String(health),
      GUARDSPAN_COLLECTOR_METRICS_PORT: String(metrics),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await Promise.race([exited, sleep(10_000).then(() => child.kill('SIGKILL'))]);
  };

  const deadline = Date.now() + 30_000;
  while (!(await isHealthy(health!))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`The Collector did not become healthy:\n${output}`);
    }
    await sleep(50);
  }
  return {
    url: `http://127.0.0.1:${http}`,
    async send(spans) {
      const response = await fetch(`http://127.0.0.1:${http}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: encodeSpans(spans),
      });
      if (!response.ok) throw new Error(`The Collector answered ${response.status}: ${await response.text()}`);
    },
    stop,
  };
}

/**
 * Waits until `done` holds.
 *
 * @throws Error naming what was waited for, after 20 s.
 */
export async function waitFor(what: string, done: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!done()) {
    if (Date.now() > deadline) throw new Error(`Waited 20 s for ${what}`);
    await sleep(10);
  }
}

function configArguments(configs: readonly string[]): string[] {
  return configs.flatMap((name) => ['--config', configPath(name)]);
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/`)).ok;
  } catch {
    return false;
  }
}

/** Ports that were free a moment ago; all are held at once, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
