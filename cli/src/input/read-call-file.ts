import { isUtf8 } from 'node:buffer';
import type { GuardspanError, WrittenCall } from '@guardspan/policy';
import { readCall, readYaml } from '@guardspan/policy';
import { CliError } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
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
      throw new CliError(
        'GUARDSPAN_INPUT_TOO_LARGE',
        `${name}: the file is larger than ${MAX_BYTES} bytes`,
        'give one call',
      );
    parts.push(bytes);
  }
  const bytes = Buffer.concat(parts);
  if (!isUtf8(bytes))
    throw new CliError('GUARDSPAN_FILE_ENCODING', `${name}: the file is not UTF-8`, 'save it as UTF-8');
  const read = readYaml(bytes.toString('utf8'));
  if ('problem' in read) {
    const { line, column, message, hint } = read.problem;
    throw new CliError('GUARDSPAN_YAML', `${name}:${line}:${column} ${message}`, hint);
  }
  try {
    return readCall(read.value);
  } catch (error) {
    const { message, hint, code } = error as GuardspanError;
    throw new CliError(
      code,
      `${name}: ${message}`,
      hint ?? 'write the fields of a call as JSON or YAML, for example {model: {name: gpt-4o}}',
    );
  }
}
