import { readFileSync } from 'node:fs';

/** Longest token that is read from a file, in characters. */
const MAX_LENGTH = 4096;

/**
 * The token to present now. A file is read each time, so that a token can be rotated without a restart; while it cannot be read, the last one stands.
 *
 * @param fixed Token of the configuration; wins over the file.
 * @param unreadable Hears each time that a file cannot be read of which nothing is known, and why.
 */
export function agentToken(fixed: string, file: string, unreadable: (file: string, why: string) => void): () => string {
  let last = '';
  return () => {
    if (fixed !== '' || file === '') return fixed;
    try {
      last = readFileSync(file, 'utf8').slice(0, MAX_LENGTH).trim();
    } catch (error) {
      // Once it was read, it may be in the middle of being replaced.
      if (last === '') unreadable(file, (error as NodeJS.ErrnoException).code ?? (error as Error).message);
    }
    return last;
  };
}
