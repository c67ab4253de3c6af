import type { EntityDetector } from './types.js';
import { hasDigit, isWord } from './boundary.js';

/** ISO 7064 mod 97-10 over the rearranged number (ISO 13616). */
export function mod97(iban: string): number {
  const rearranged = iban.slice(4) + iban.slice(0, 4);
  let remainder = 0;
  for (const character of rearranged) {
    const code = character.charCodeAt(0);
    remainder = code >= 65 ? (remainder * 100 + code - 55) % 97 : (remainder * 10 + code - 48) % 97;
  }
  return remainder;
}

/** International bank account numbers (ISO 13616), plain or in groups of four. */
export const iban: EntityDetector = {
  entity: 'iban',
  pattern: '[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?',
  score: 0.5,
  maxLength: 42,
  prefilter: hasDigit,
  validate: (text, before, after) => {
    const compact = text.replace(/ /g, '');
    if (isWord(before) || isWord(after) || compact.length < 15 || compact.length > 34) return false;
    return mod97(compact) === 1;
  },
  positives: ['GB82 WEST 1234 5698 7654 32', 'DE89370400440532013000'],
  negatives: ['GB82 WEST 1234 5698 7654 33', 'DE00370400440532013000', 'AB12 hello'],
};
