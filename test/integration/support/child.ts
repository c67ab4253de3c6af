import type { ChildProcess } from 'node:child_process';

/** A process that a test started. */
export interface Child {
  readonly process: ChildProcess;
  /** What it wrote to standard error so far. */
  errors(): string;
  /** SIGTERM, then SIGKILL after five seconds; resolves with the exit code when it is gone. */
  stop(): Promise<number | null>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  readonly exited: Promise<number | null>;
}

export function watchChild(child: ChildProcess): Child {
  let errors = '';
  child.stderr?.on('data', (piece: Buffer) => (errors = (errors + piece.toString()).slice(-20_000)));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    process: child,
    errors: () => errors,
    exited,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      const code = await exited;
      clearTimeout(timer);
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
