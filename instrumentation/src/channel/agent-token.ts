import { readFileSync } from 'node:fs';

/** Longest token that is read from a file, in characters. */
const MAX_LENGTH = 4096;

/**
 * The token to present now. A file is read each time, so that a token can be rotated without a restart; while it cannot be read, the last one stands.
 *
 * @param fixed Token of the configuration; wins over the file.
 */
export function agentToken(fixed: string, file: string): () => string {
  let last = '';
  return () => {
    if (fixed !== '' || file === '') return fixed;
    try {
      last = readFileSync(file, 'utf8').slice(0, MAX_LENGTH).trim();
    } catch {
      // The file may be in the middle of being replaced.
    }
    return last;
  };
}
