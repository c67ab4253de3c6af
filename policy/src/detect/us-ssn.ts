import { codeAt, isDigitCode } from './boundary.js';
import { ContextWords } from './context-words.js';
import { layoutPattern } from './layout-trie.js';
import { twoDigits } from './two-digits.js';
import type { EntityDetector, Match } from './types.js';

const LAYOUTS = [[3, 2, 4], [9]] as const;
const DOT = 46;
const SPACE = 32;
const NO_BREAK_SPACE = 0xa0;
const SEPARATORS = ' -.\u00a0\u2010\u2011\u2013';

/** Words right before numbers that are none. */
const OTHER = new ContextWords([
  'order*',
  'invoice*',
  'tracking',
  'sku',
  'serial',
  'part',
  'part no',
  'model',
  'lot',
  'batch',
  'po',
]);
const REACH = 16;

/** True for a number right behind a word for orders, parts and the like. */
export function isOfArticle({ subject, start }: Match): boolean {
  return OTHER.before(subject.near(start), REACH) !== Infinity;
}

/** United States social security numbers; area, group and serial rules of the Social Security Administration. Without dashes only in context. */
export const usSsn: EntityDetector = {
  entity: 'us_ssn',
  about: 'United States social security number: area, group and serial rules; without dashes in context only',
  trigger: 'number',
  layouts: LAYOUTS,
  begins: twoDigits((two) => two < 90),
  separators: SEPARATORS,
  wide: true,
  pattern: layoutPattern(LAYOUTS, SEPARATORS, true),
  score: 0.85,
  maxLength: 15,
  context: [
    'ssn*',
    'social security',
    'social-security',
    'social',
    'soc sec',
    'soc. sec',
    'ss',
    'taxpayer',
    'seguro social',
  ],
  validate: (match) => {
    const { number } = match;
    const area = Math.floor(number / 1_000_000);
    const bad =
      area === 0 ||
      area === 666 ||
      Math.floor(number / 10_000) % 100 === 0 ||
      number % 10_000 === 0 ||
      number === 78_051_120 ||
      number % 111_111_111 === 0;
    if (bad) return false;
    const separator = codeAt(match.subject.units, match.start + 3);
    const wide = match.end - match.start > 11;
    if (wide || isDigitCode(separator) || separator === DOT) return match.inContext ? 0.8 : false;
    // More than a telephone number that nothing speaks for: those seldom come in these groups.
    if (separator === SPACE || separator === NO_BREAK_SPACE) return match.inContext ? 0.9 : 0.72;
    // Few other numbers come in these groups with dashes; those that are named do.
    return !isOfArticle(match) || match.inContext ? undefined : false;
  },
  positives: [
    'ssn 536-90-4399',
    '219 09 9999',
    'SSN: 536904399',
    '(536-90-4399)',
    'SSN 536 - 90 - 4399',
    'SSN-536-90-4399',
    'ssn-536904399',
    'SSN536-90-4399',
    'SSN536904399',
    'user_ssn_536-90-4399',
  ],
  negatives: [
    '000-12-3456',
    '666-12-3456',
    '900-12-3456',
    '123-00-4567',
    '123-45-0000',
    '5536-90-4399',
    '536904399',
    '536-90-43990',
    '536 - 90 - 4399',
    'order no. 536-90-4399',
    'AB-536-90-4399',
    'SSN AB-536-90-4399',
    'SSN AB536-90-4399',
    'xssn536-90-4399',
    'card536-90-4399',
  ],
};
