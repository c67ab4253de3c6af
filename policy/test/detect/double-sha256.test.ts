import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DoubleSha256 } from '../../src/detect/checksum/double-sha256.js';

describe('the checksum of a double sha256', () => {
  it.each([0, 1, 21, 55])('is that of the whole hash for any %i bytes', (length) => {
    const own = new DoubleSha256(length);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: length, maxLength: length }), (message) => {
        own.message.set(message);
        const whole = sha256(sha256(message));
        expect(own.checksum()).toBe(new DataView(whole.buffer, whole.byteOffset).getUint32(0));
      }),
    );
  });

  it('refuses messages of more than one block', () => {
    expect(() => new DoubleSha256(56)).toThrow(RangeError);
  });
});
