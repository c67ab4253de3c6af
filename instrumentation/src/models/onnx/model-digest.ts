import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Hexadecimal digits of the digest that make a version. */
const DIGITS = 12;

/**
 * The version of a model that says none: the start of the sha256 of its bytes. Takes what `InferenceSession.create` takes (path, bytes, or buffer with
 * offset and length). Empty when it cannot be read. Never rejects.
 */
export async function modelDigest(source: unknown, offset: unknown, length: unknown): Promise<string> {
  try {
    const hash = createHash('sha256');
    if (typeof source === 'string') await pipeline(createReadStream(source), hash);
    else if (source instanceof Uint8Array) hash.update(source);
    else if (source instanceof ArrayBuffer || source instanceof SharedArrayBuffer) {
      const start = typeof offset === 'number' ? offset : 0;
      hash.update(new Uint8Array(source, start, typeof length === 'number' ? length : undefined));
    } else return '';
    return hash.digest('hex').slice(0, DIGITS);
  } catch {
    return '';
  }
}
