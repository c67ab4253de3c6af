import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.js';

/** The body as text. Throws ApiError 413 beyond `limit` bytes and 400 when it is not UTF-8. */
export async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  const tooLarge = (): ApiError =>
    new ApiError(413, 'GUARDSPAN_BODY_TOO_LARGE', `The body is larger than ${limit} bytes.`, 'Send less at a time.', {
      headers: { connection: 'close' },
    });
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new ApiError(400, 'GUARDSPAN_BODY_ENCODING', 'The body is not UTF-8.', 'Send UTF-8.');
  }
}

/** Brackets inside of one another that a body may have: readers of values go down by recursion, and nothing here is nearly as deep. */
const MAX_DEPTH = 100;

/** Parses JSON. Throws ApiError 400: with line and column, or when it is nested too deeply. */
export function parseJson(text: string): unknown {
  if (isDeeperThan(text, MAX_DEPTH)) {
    throw new ApiError(
      400,
      'GUARDSPAN_JSON',
      `The body is nested deeper than ${MAX_DEPTH} levels.`,
      'Send a value with fewer levels.',
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const position = errorPosition(text, (error as Error).message);
    const before = text.slice(0, position).split('\n');
    const line = before.length;
    const column = before[before.length - 1]!.length + 1;
    throw new ApiError(
      400,
      'GUARDSPAN_JSON',
      `The body is not JSON (line ${line}, column ${column}).`,
      'Send one JSON value.',
      {
        errors: [{ code: 'GUARDSPAN_JSON', message: 'Not JSON from here on.', line, column, path: '', hint: '' }],
      },
    );
  }
}

function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (quoted) {
      if (character === '\\') index += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{') {
      depth += 1;
      if (depth > limit) return true;
    } else if (character === ']' || character === '}') depth -= 1;
  }
  return false;
}

/** Where parsing stopped. The runtime leaves the position out of some messages: then it is after the longest prefix that is not wrong yet. */
function errorPosition(text: string, message: string): number {
  const told = /position (\d+)/.exec(message)?.[1];
  if (told !== undefined) return Math.min(Number(told), text.length);
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (hasWrongToken(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return good;
}

function hasWrongToken(prefix: string): boolean {
  try {
    JSON.parse(prefix);
    return false;
  } catch (error) {
    return (error as Error).message.startsWith('Unexpected token');
  }
}
