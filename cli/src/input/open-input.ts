import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { CliIo } from '../cli-io.js';
import { CliError, WRONG_USE } from '../cli-error.js';
import { pathError } from '../file-error.js';

/** A stream of bytes and how errors call it. */
export interface Input {
  name: string;
  stream: Readable;
}

/**
 * Opens a file, or standard input for `-` and for no path.
 * @throws CliError USAGE when there is no such file, GUARDSPAN_FILE when this user has no right to it.
 */
export async function openInput(path: string | undefined, io: Pick<CliIo, 'stdin'>): Promise<Input> {
  if (path === undefined || path === '-') return { name: 'standard input', stream: io.stdin };
  const information = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw pathError(path, error);
  });
  if (information.isDirectory()) throw new CliError(WRONG_USE, `${path}: this is a directory`, 'name a file');
  return { name: path, stream: createReadStream(path) };
}
