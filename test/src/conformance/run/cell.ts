import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { JOB_VARIABLE, type Job, type Printed } from './job.js';

/** Milliseconds that one application may take. */
const LIMIT = 300_000;

/** How an application is started. */
export interface AppOptions {
  job: Job;
  /** Modules to load ahead of it. */
  preload: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Folder for what Node has compiled: applications of a run load much the same modules. */
  compiled: string;
  /** Ends the application at once. */
  stop: AbortSignal;
}

/** Runs an application of the suite in its own process and reads what it printed. Throws with its errors when it prints nothing. */
export async function runApp({ job, preload, env, compiled, stop }: AppOptions): Promise<Printed> {
  const app = fileURLToPath(new URL('../../../dist/conformance/run/app.js', import.meta.url));
  const flags = preload.flatMap((module) => ['--import', module]);
  const kept = Object.entries(process.env).filter(([name]) => !/^(OTEL_|GUARDSPAN_|NODE_OPTIONS$|VITEST)/.test(name));
  const child = spawn(process.execPath, [...flags, app], {
    cwd: job.from === '' ? fileURLToPath(new URL('../../..', import.meta.url)) : job.from,
    env: { ...Object.fromEntries(kept), NODE_COMPILE_CACHE: compiled, ...env, [JOB_VARIABLE]: JSON.stringify(job) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT,
    signal: stop,
    killSignal: 'SIGKILL',
  });
  // One that was stopped, or could not be started, is told by how it ended.
  child.on('error', () => undefined);
  let [out, errors] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (errors = (errors + piece.toString()).slice(-4000)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const line = out.trim().split('\n').at(-1) ?? '';
  if (code === 0 && line.startsWith('{')) return JSON.parse(line) as Printed;
  throw new Error(`the application of ${job.client} (${job.module}) ended with ${code}: ${errors.trim() || out}`);
}
