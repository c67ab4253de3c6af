import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../../cli/dist/main.js', import.meta.url));

/** What a benchmark asks of an evaluator. */
export interface EvaluatorOptions {
  dataDir: string;
  /** Directory of guard-rail documents. */
  guardrails: string;
  /** More flags of `guardspan serve`. */
  flags?: readonly string[];
}

/** An evaluator in its own process, as a user starts it. */
export interface EvaluatorProcess {
  readonly child: ChildProcess;
  /** Resolves when it serves; rejects when it ends before. */
  readonly url: Promise<string>;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  /** Ends it and waits until it is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Starts `guardspan serve` on a free port of loopback. Its log goes to our standard error. */
export function startEvaluator({ dataDir, guardrails, flags = [] }: EvaluatorOptions): EvaluatorProcess {
  const args = [MAIN, 'serve', '--listen', '127.0.0.1:0', '--grpc-listen', 'off', '--single-user'];
  args.push('--data-dir', dataDir, '--guardrails', guardrails, '--log-level', 'warn', ...flags);
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = new Promise<string>((resolve, reject) => {
    const lines = createInterface({ input: child.stdout });
    lines.once('line', (line) => {
      try {
        resolve((JSON.parse(line) as { url: string }).url);
      } catch {
        reject(new Error(`the evaluator printed "${line}" where its address is expected`));
      }
    });
    lines.once('close', () => reject(new Error('the evaluator ended before it served')));
  });
  // Who kills it while it starts does not wait for the address.
  url.catch(() => undefined);
  return {
    child,
    url,
    gone,
    async kill(signal) {
      child.kill(signal);
      await gone;
    },
  };
}
