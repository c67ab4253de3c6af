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

/** Parses JSON. Throws ApiError 400 with line and column. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const message = (error as Error).message;
    const at = /position (\d+)/.exec(message)?.[1];
    const position = Math.min(at === undefined ? text.length : Number(at), text.length);
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
