import type { WrittenCall } from '@guardspan/policy';
import { readCall } from '@guardspan/policy';
import { parse } from 'yaml';
import { CliError } from '../cli-io.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { openInput } from './open-input.js';

/** Largest file of one call, bytes: two texts of the longest length that detectors read, and the fields around them. */
const MAX_BYTES = 8_388_608;

/**
 * Reads one call, a fragment of a ModelCall as JSON or YAML.
 * @param path A file, or `-` for standard input.
 * @throws CliError FAILED when it is too large or no call.
 */
export async function readCallFile(path: string, io: Pick<CliIo, 'stdin'>): Promise<WrittenCall> {
  const { name, stream } = await openInput(path, io);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Uint8Array | string>) {
    const bytes = Buffer.from(part as Uint8Array);
    size += bytes.length;
    if (size > MAX_BYTES)
      throw new CliError(EXIT.FAILED, `${name}: the file is larger than ${MAX_BYTES} bytes`, 'give one call');
    parts.push(bytes);
  }
  try {
    return readCall(parse(Buffer.concat(parts).toString('utf8')));
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    throw new CliError(
      EXIT.FAILED,
      `${name}: ${message}`,
      hint ?? 'write the fields of a call as JSON or YAML, for example {model: {name: gpt-4o}}',
    );
  }
}
