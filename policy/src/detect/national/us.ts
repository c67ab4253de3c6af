import { luhn } from '../checksum/luhn.js';
import { weighted } from '../checksum/weighted.js';
import { layoutPattern } from '../layout-trie.js';
import { twoDigits } from '../two-digits.js';
import type { EntityDetector } from '../types.js';
import { isOfArticle } from '../us-ssn.js';

const ITIN = [[3, 2, 4], [9]] as const;

/** United States individual taxpayer identification numbers: 9xx with the group ranges that the Internal Revenue Service assigns. */
export const usItin: EntityDetector = {
  entity: 'us_itin',
  about: 'United States taxpayer number (ITIN): ranges of the IRS; without dashes in context only',
  trigger: 'number',
  layouts: ITIN,
  begins: twoDigits((two) => two >= 90),
  pattern: layoutPattern(ITIN),
  score: 0.75,
  maxLength: 11,
  context: ['itin', 'taxpayer', 'tax id', 'tin', 'irs'],
  validate: (match) => {
    const group = Math.floor(match.number / 10_000) % 100;
    if (!((group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group !== 93))) return false;
    if (match.inContext) return undefined;
    return match.end - match.start === 9 || isOfArticle(match) ? false : undefined;
  },
  positives: ['ITIN 912-72-1234', 'itin: 912721234'],
  negatives: ['912-12-1234', '912721234', '812-72-1234', 'lot 929-80-8024'],
};

const ROUTING = [[9], [4, 4, 1]] as const;

/** Routing numbers of the American Bankers Association: prefix and weighted checksum; the checksum alone is weak, so only in context. */
export const usRouting: EntityDetector = {
  entity: 'us_bank_routing',
  about: 'United States bank routing number (ABA): prefix and checksum, in context only',
  trigger: 'number',
  layouts: ROUTING,
  begins: twoDigits((two) => two <= 12 || (two >= 21 && two <= 32) || (two >= 61 && two <= 72) || two === 80),
  pattern: layoutPattern(ROUTING),
  score: 0.8,
  maxLength: 11,
  context: ['aba', 'routing', 'rtn', 'transit', 'wire'],
  validate: (match) => {
    // The sum is refuted more often than not, and costs less than a look at the words before.
    const sum = weighted(match.compact, [3, 7, 1, 3, 7, 1, 3, 7, 1]);
    return sum % 10 === 0 && match.inContext ? undefined : false;
  },
  positives: ['routing number 021000021', 'ABA: 1210-0035-8'],
  negatives: ['021000021', 'routing number 021000022', 'routing 991000021'],
};

const NPI = [[10], [4, 3, 3]] as const;
/** What the digits of 80840 add to Luhn's sum before ten others. */
const PREFIX_SUM = 24;

/** National provider identifiers: Luhn over the number with the prefix 80840 (CMS), in context. */
export const usNpi: EntityDetector = {
  entity: 'us_npi',
  about: 'United States provider identifier (NPI): Luhn with prefix 80840, in context only',
  trigger: 'number',
  layouts: NPI,
  begins: twoDigits((two) => two >= 10 && two < 30),
  pattern: layoutPattern(NPI),
  score: 0.85,
  maxLength: 12,
  context: ['npi', 'provider', 'national provider'],
  // The sum is refuted more often than not, and costs less than a look at the words before.
  validate: (match) => (luhn(match.compact, PREFIX_SUM) && match.inContext ? undefined : false),
  positives: ['NPI 1234567893', 'provider 1245319599'],
  negatives: ['1234567893', 'NPI 1234567890', 'NPI 3234567893'],
};
