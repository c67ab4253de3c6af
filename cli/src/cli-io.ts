import type { Readable } from 'node:stream';

/** What a command may touch of the world; passed in, so that tests need no process. */
export interface CliIo {
  out(text: string): void;
  /** Resolves when standard output takes more: a command that prints without an end waits for it, so that nothing piles up. */
  drained(): Promise<void>;
  err(text: string): void;
  /** Colours only on a terminal. */
  color: boolean;
  env: NodeJS.ProcessEnv;
  stdin: Readable;
  fetch: typeof fetch;
  /** Seconds without a byte after which a server counts as hung; left out: 60. */
  patience?: number;
  /** Seconds from epoch. */
  now(): number;
}
