import { randomFillSync } from 'node:crypto';

const POOL = Buffer.allocUnsafe(8192);
let used = POOL.length;

/** `bytes` random bytes in hexadecimal (at most 64). Drawn from a pool, because one system call per call would be the dearest part of it. */
export function randomHex(bytes: number): string {
  if (used + bytes > POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  const text = POOL.toString('hex', used, used + bytes);
  used += bytes;
  return text;
}
