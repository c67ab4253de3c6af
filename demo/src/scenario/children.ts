import type { ChildProcess } from 'node:child_process';
import { fork, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePorts } from './free-ports.js';

const REPOSITORY = new URL('../../../', import.meta.url);
const path = (relative: string): string => fileURLToPath(new URL(relative, REPOSITORY));

/** The last lines that a process wrote to standard error, for the day that it fails. */
function keepErrors(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-4000);
  });
  return () => tail;
}

/** A process of the scenario. */
export interface Child {
  process: ChildProcess;
  errors: () => string;
  stop: () => Promise<void>;
}

/** Wraps a process, so that it can be stopped and what it wrote to standard error is known. */
export function childOf(child: ChildProcess): Child {
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    process: child,
    errors: keepErrors(child),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Starts `guardspan serve` on a free port, which links of its alerts name too, and resolves with its URL. */
export async function startEvaluator(dataDir: string, tokensFile: string): Promise<Child & { url: string }> {
  const [port] = await freePorts(1);
  const args = [path('cli/dist/main.js'), 'serve', '--listen', `127.0.0.1:${port}`, '--grpc-listen', 'off'];
  args.push('--tokens-file', tokensFile);
  const child = spawn(
    process.execPath,
    [...args, '--data-dir', dataDir, '--guardrails', path('demo/guardrails'), '--log-level', 'warn'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const running = childOf(child);
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the evaluator ended with ${String(code)}: ${running.errors()}`)));
  });
  return { ...running, url: (JSON.parse(line) as { url: string }).url };
}

/** Starts a Collector with the shipped agent pipeline in front of the evaluator. */
export async function startCollector(
  binary: string,
  evaluatorUrl: string,
  token: string,
  ports: { grpc: number; http: number; health: number; metrics: number; backend: number },
): Promise<Child & { url: string }> {
  const child = spawn(binary, ['--config', path('collector/agent.yaml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      GUARDSPAN_EVALUATOR_OTLP_HTTP: evaluatorUrl,
      GUARDSPAN_AGENT_TOKEN: token,
      GUARDSPAN_TRACING_ENDPOINT: `127.0.0.1:${ports.backend}`,
      GUARDSPAN_TRACING_INSECURE: 'true',
      GUARDSPAN_COLLECTOR_GRPC_PORT: String(ports.grpc),
      GUARDSPAN_COLLECTOR_HTTP_PORT: String(ports.http),
      GUARDSPAN_COLLECTOR_HEALTH_PORT: String(ports.health),
      GUARDSPAN_COLLECTOR_METRICS_PORT: String(ports.metrics),
    },
  });
  const running = childOf(child);
  const deadline = Date.now() + 20_000;
  for (;;) {
    const healthy = await fetch(`http://127.0.0.1:${ports.health}/`).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return { ...running, url: `http://127.0.0.1:${ports.http}` };
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`the Collector did not start: ${running.errors()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Starts an app as a user would: its own program, with our preload. */
export function startApp(program: 'admissions' | 'assistant', env: Readonly<Record<string, string>>): Child {
  return childOf(
    fork(path(`demo/dist/${program}/app.js`), [], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      execArgv: ['--import', '@guardspan/instrumentation/register'],
      cwd: path('demo'),
      env: { ...process.env, OTEL_SERVICE_NAME: program, ...env },
    }),
  );
}
