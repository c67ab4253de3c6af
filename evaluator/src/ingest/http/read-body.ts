import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { IngestError } from '../ingest-error.js';

const unzip = promisify(gunzip);

/**
 * Reads a request body, and inflates it when it is gzip; both bounded by `maxBytes`.
 * @throws IngestError GUARDSPAN_OTLP_TOO_LARGE, GUARDSPAN_OTLP_GZIP, GUARDSPAN_OTLP_TRUNCATED (the sender went away)
 */
export async function readBody(
  request: IncomingMessage,
  encoding: 'identity' | 'gzip',
  maxBytes: number,
): Promise<Buffer> {
  const tooLarge = (): IngestError =>
    new IngestError('GUARDSPAN_OTLP_TOO_LARGE', `The body is larger than ${maxBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const body = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.removeAllListeners('data');
        reject(tooLarge());
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    request.on('error', () => reject(new IngestError('GUARDSPAN_OTLP_TRUNCATED', 'The body ends too early')));
    request.on('aborted', () => reject(new IngestError('GUARDSPAN_OTLP_TRUNCATED', 'The body ends too early')));
  });
  if (encoding === 'identity') return body;
  try {
    return await unzip(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new IngestError('GUARDSPAN_OTLP_GZIP', 'The body is no complete gzip stream');
  }
}
