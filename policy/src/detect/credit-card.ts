import { isOneDigit } from './checksum/one-digit.js';
import { luhn } from './checksum/luhn.js';
import { layoutPattern } from './layout-trie.js';
import type { EntityDetector } from './types.js';

const LAYOUTS = [
  [13],
  [14],
  [15],
  [16],
  [18],
  [19],
  [4, 4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
  [4, 3, 3, 3],
  [4, 4, 4, 2],
  [4, 4, 4, 3],
  [4, 4, 4, 4, 2],
  [4, 4, 4, 4, 3],
] as const;
const SEPARATORS = ' -.\u00a0\u202f';

/** Lengths that an issuer range uses, by its first digits (ISO/IEC 7812-1; ranges as the issuers publish them). */
function lengthsOf(digits: string): readonly number[] {
  const four = Number(digits.slice(0, 4));
  const two = Math.floor(four / 100);
  if (digits.startsWith('4')) return [13, 16, 19];
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return [16];
  if (two === 34 || two === 37) return [15];
  if (four >= 3528 && four <= 3589) return [16, 19];
  if (four === 1800 || four === 2131) return [15];
  if ((four >= 3000 && four <= 3059) || four === 3095 || two === 36 || two === 38 || two === 39) return [14, 16];
  if (four === 6011 || two === 65 || (four >= 6440 && four <= 6499)) return [16, 19];
  if (two === 62 || four === 8171) return [16, 18, 19];
  if (two === 50 || (two >= 56 && two <= 58) || two === 60 || two === 63 || two === 67) return [13, 14, 15, 16, 18, 19];
  if (four >= 2200 && four <= 2204) return [16];
  return [];
}

/** First two digits of all issuer ranges. */
const BEGINS = new Set(
  Array.from({ length: 100 }, (_unused, index) => String(index).padStart(2, '0')).filter((two) =>
    /^(?:4|5[0-8]|2[2-7]|3[04-9]|18|21|6[0-7]|81)/.test(two),
  ),
);

/** Payment card numbers, by issuer range, length and Luhn's check. */
export const creditCard: EntityDetector = {
  entity: 'credit_card',
  about: 'payment card number: issuer range, length and Luhn (ISO/IEC 7812)',
  trigger: 'number',
  layouts: LAYOUTS,
  begins: BEGINS,
  separators: SEPARATORS,
  pattern: layoutPattern(LAYOUTS, SEPARATORS),
  score: 0.3,
  maxLength: 23,
  validate: ({ compact, text }) => {
    if (!lengthsOf(compact).includes(compact.length) || isOneDigit(compact) || !luhn(compact)) return false;
    // Decimals and versions are written with dots too; only the plain layout of four groups is not.
    return text.includes('.') && compact.length !== 16 ? false : true;
  },
  positives: [
    '4111 1111 1111 1111',
    'card 5500-0000-0000-0004.',
    '378282246310005',
    '3782 822463 10005',
    '4222222222222',
  ],
  negatives: [
    '4111 1111 1111 1112',
    '1234567890123456',
    'x4111111111111111',
    '0000 0000 0000 0000',
    '4111-1111 1111-1111',
  ],
};
