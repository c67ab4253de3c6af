import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { luhn } from '../../src/detect/checksum/luhn.js';
import { mod11ten } from '../../src/detect/checksum/mod11-10.js';
import { verhoeff } from '../../src/detect/checksum/verhoeff.js';

const digits = fc.stringMatching(/^[0-9]{11}$/);

describe.each([
  ['luhn', luhn],
  ['ISO 7064 mod 11,10', mod11ten],
  ['verhoeff', verhoeff],
] as const)('%s', (_, check) => {
  it('accepts exactly one check digit and finds every wrong digit', () => {
    fc.assert(
      fc.property(digits, fc.nat(10), fc.integer({ min: 1, max: 9 }), (body, at, by) => {
        const right = [...'0123456789'].map((digit) => body + digit).filter((number) => check(number));
        expect(right).toHaveLength(1);
        const wrong = [...right[0]!];
        wrong[at] = String((Number(wrong[at]) + by) % 10);
        expect(check(wrong.join(''))).toBe(false);
      }),
    );
  });
});
