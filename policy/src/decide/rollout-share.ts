import { utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * Where a key stands in a rollout: 0 <= x < 100, the same in every process and language. FNV-1a (32 bits) over the UTF-8 bytes of `seed`, a zero byte and
 * `key`, then the final mix of MurmurHash3, because FNV alone spreads short keys badly over its high bits.
 */
export function rolloutShare(seed: string, key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8ToBytes(`${seed}\0${key}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000) * 100;
}
