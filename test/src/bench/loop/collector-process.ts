import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const CONFIG = fileURLToPath(new URL('../../../../collector/agent.yaml', import.meta.url));

/** A running Collector. */
export interface CollectorProcess {
  /** Base URL of its OTLP/HTTP receiver. */
  url: string;
  stop(): Promise<void>;
}

/** Starts the Collector with the shipped agent configuration, towards this evaluator. Resolves when it is healthy. */
export async function startCollector(binary: string, evaluator: string): Promise<CollectorProcess> {
  const [grpc, http, health, metrics] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const child = spawn(binary, ['--config', CONFIG], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      GUARDSPAN_TRACING_ENDPOINT: '127.0.0.1:9',
      GUARDSPAN_TRACING_INSECURE: 'true',
      GUARDSPAN_EVALUATOR_OTLP_HTTP: evaluator,
      GUARDSPAN_AGENT_TOKEN: 'none',
      GUARDSPAN_COLLECTOR_GRPC_PORT: String(grpc),
      GUARDSPAN_COLLECTOR_HTTP_PORT: String(http),
      GUARDSPAN_COLLECTOR_HEALTH_PORT: String(health),
      GUARDSPAN_COLLECTOR_METRICS_PORT: String(metrics),
    },
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-4000)));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (let i = 0; ; i++) {
    const healthy = await fetch(`http://127.0.0.1:${health}/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) break;
    if (i > 150 || child.exitCode !== null) throw new Error(`the Collector does not start: ${log}`);
    await sleep(100);
  }
  return {
    url: `http://127.0.0.1:${http}`,
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** A port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}
