import { weighted } from '../checksum/weighted.js';
import { layoutPattern } from '../layout-trie.js';
import { twoDigits } from '../two-digits.js';
import type { EntityDetector } from '../types.js';

const TFN = [[3, 3, 3], [9]] as const;

/** Tax file numbers: weighted sum modulo 11 (Australian Taxation Office), in context. */
export const auTfn: EntityDetector = {
  entity: 'au_tfn',
  about: 'Australian tax file number: modulus 11, in context only',
  trigger: 'number',
  layouts: TFN,
  pattern: layoutPattern(TFN),
  score: 0.9,
  maxLength: 11,
  context: ['tfn', 'tax file', 'tax file number'],
  validate: (match) =>
    weighted(match.compact, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 && match.inContext ? undefined : false,
  positives: ['TFN 123 456 782', 'tax file number 123456782'],
  negatives: ['123 456 782', 'TFN 123 456 783'],
};

const ABN = [[2, 3, 3, 3], [11]] as const;

/** Business numbers: first digit less one, weighted sum modulo 89 (Australian Business Register). */
export const auAbn: EntityDetector = {
  entity: 'au_abn',
  about: 'Australian business number: modulus 89; bare digits in context only',
  trigger: 'number',
  layouts: ABN,
  pattern: layoutPattern(ABN),
  score: 0.75,
  maxLength: 14,
  context: ['abn', 'business number'],
  validate: (match) => {
    const { compact, text } = match;
    if (compact[0] === '0' || (weighted(compact, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 !== 0)
      return false;
    if (match.inContext) return true;
    return text.length === 11 ? false : undefined;
  },
  positives: ['ABN 51 824 753 556', 'abn 51824753556'],
  negatives: ['51 824 753 557', '51824753556'],
};

const MEDICARE = [[4, 5, 1], [10], [11], [4, 5, 2]] as const;

/** Medicare numbers: first digit 2 to 6, weighted check digit (Services Australia); bare digits in context. */
export const auMedicare: EntityDetector = {
  entity: 'au_medicare',
  about: 'Australian Medicare number: check digit; bare digits in context only',
  trigger: 'number',
  layouts: MEDICARE,
  begins: twoDigits((two) => two >= 20 && two < 70),
  pattern: layoutPattern(MEDICARE),
  score: 0.7,
  maxLength: 13,
  context: ['medicare'],
  validate: (match) => {
    const { compact, text } = match;
    if (weighted(compact, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 !== compact.charCodeAt(8) - 48) return false;
    if (match.inContext) return true;
    return text.length <= 11 ? false : undefined;
  },
  positives: ['Medicare 2123 45670 1', 'medicare number 2123456701'],
  negatives: ['2123 45671 1', '2123456701', '1123 45670 1'],
};
