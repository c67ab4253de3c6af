import { CliError } from '../cli-error.js';

/** A line of an input that is read as it comes. */
export interface InputLine {
  /** From 1. */
  number: number;
  /** Without its end (`\n` or `\r\n`). */
  text: string;
}

/**
 * Reads UTF-8 lines from a stream, holding one line at a time.
 *
 * @param name How errors call the input: a path, or `standard input`.
 * @param maxBytes Longest line; a longer one is an error that names its number.
 * @throws CliError FAILED for a line that is too long or not UTF-8.
 */
export async function* readLines(
  source: AsyncIterable<Uint8Array | string>,
  name: string,
  maxBytes: number,
): AsyncGenerator<InputLine, void, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let waiting: Uint8Array[] = [];
  let size = 0;
  let number = 1;
  const take = (last: Uint8Array): InputLine => {
    let text: string;
    try {
      text = decoder.decode(Buffer.concat([...waiting, last]));
    } catch {
      throw new CliError(
        'GUARDSPAN_FILE_ENCODING',
        `${name}:${number}: the line is not UTF-8`,
        'convert the input to UTF-8',
      );
    }
    waiting = [];
    size = 0;
    return { number: number++, text: text.endsWith('\r') ? text.slice(0, -1) : text };
  };
  const bounded = (bytes: number): void => {
    if (bytes > maxBytes)
      throw new CliError(
        'GUARDSPAN_INPUT_TOO_LARGE',
        `${name}:${number}: the line is longer than ${maxBytes} bytes`,
        'split it into several lines',
      );
  };
  for await (const chunk of source) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    let from = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
      bounded(size + end - from);
      yield take(bytes.subarray(from, end));
      from = end + 1;
    }
    const rest = bytes.subarray(from);
    bounded(size + rest.length);
    if (rest.length > 0) {
      waiting.push(rest);
      size += rest.length;
    }
  }
  if (size > 0) yield take(new Uint8Array(0));
}
