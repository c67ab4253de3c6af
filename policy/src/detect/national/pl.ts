import { weighted } from '../checksum/weighted.js';
import { layoutPattern } from '../layout-trie.js';
import type { EntityDetector } from '../types.js';

const LAYOUTS = [[11]] as const;

function two(digits: string, at: number): number {
  return (digits.charCodeAt(at) - 48) * 10 + digits.charCodeAt(at + 1) - 48;
}

/** PESEL numbers: a date of birth with the century in the month, and a weighted check digit. */
export const plPesel: EntityDetector = {
  entity: 'pl_pesel',
  about: 'Polish PESEL number: date and check digit',
  trigger: 'number',
  layouts: LAYOUTS,
  pattern: layoutPattern(LAYOUTS),
  score: 0.7,
  maxLength: 11,
  context: ['pesel', 'numer pesel'],
  validate: (match) => {
    const { compact } = match;
    const month = two(compact, 2) % 20;
    const day = two(compact, 4);
    if (month < 1 || month > 12 || day < 1 || day > 31) return false;
    if ((10 - (weighted(compact, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 !== compact.charCodeAt(10) - 48)
      return false;
    return match.inContext ? true : undefined;
  },
  positives: ['PESEL 44051401359', '02070803628'],
  negatives: ['44051401358', '44131401359', '4405140135'],
};
