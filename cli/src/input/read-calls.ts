import type { GuardspanError, WrittenCall } from '@guardspan/policy';
import { readCall } from '@guardspan/policy';
import { CliError } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { openInput } from './open-input.js';
import { readLines } from './read-lines.js';

/** Longest line of a file of calls, bytes. */
const MAX_LINE = 8_388_608;

/** A recorded call and where it stands. */
export interface RecordedLine {
  /** `file:line` */
  place: string;
  written: WrittenCall;
}

/**
 * Reads recorded calls: JSON lines, each the fields of a ModelCall as {@link readCall} reads them. One line is held at a time.
 * @param path A file, or `-` for standard input.
 * @throws CliError FAILED for a line that is no call; names file and line.
 */
export async function* readCalls(path: string, io: Pick<CliIo, 'stdin'>): AsyncGenerator<RecordedLine, void, void> {
  const { name, stream } = await openInput(path, io);
  for await (const { number, text } of readLines(stream, name, MAX_LINE)) {
    if (text.trim() === '') continue;
    const place = `${name}:${number}`;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new CliError('GUARDSPAN_LINE', `${place}: the line is not JSON`, 'write one call on each line');
    }
    try {
      yield { place, written: readCall(value) };
    } catch (error) {
      const { message, hint, code } = error as GuardspanError;
      throw new CliError(code, `${place}: ${message}`, hint);
    }
  }
}
