import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { CliIo } from '../cli-io.js';
import { CliError, WRONG_USE } from '../cli-error.js';
import { fileError } from '../file-error.js';

/** A stream of bytes and how errors call it. */
export interface Input {
  name: string;
  stream: Readable;
}

/**
 * Opens a file, or standard input for `-` and for no path.
 * @throws CliError USAGE when the file cannot be read.
 */
export async function openInput(path: string | undefined, io: Pick<CliIo, 'stdin'>): Promise<Input> {
  if (path === undefined || path === '-') return { name: 'standard input', stream: io.stdin };
  const information = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(
      WRONG_USE,
      `${path}: ${error.code === 'ENOENT' ? 'there is no such file' : fileError(error)}`,
      'check the path',
    );
  });
  if (information.isDirectory()) throw new CliError(WRONG_USE, `${path}: this is a directory`, 'name a file');
  return { name: path, stream: createReadStream(path) };
}
