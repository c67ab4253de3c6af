import type { EntityDetector } from './types.js';
import { digitsOf, hasDigit, isWord } from './boundary.js';

/** Telephone numbers: international with `+`, or with the separators that people write (ITU-T E.164: at most 15 digits). */
export const phone: EntityDetector = {
  entity: 'phone',
  pattern: '(?:\\+\\d{1,3}[ .\\-]?)?(?:\\(\\d{1,5}\\)[ .\\-]?)?\\d{2,5}(?:[ .\\-]\\d{2,5}){1,4}|\\+\\d{8,15}',
  score: 0.6,
  maxLength: 32,
  prefilter: hasDigit,
  validate: (text, before, after) => {
    if (isWord(before) || isWord(after) || before === '.' || before === '-' || before === '+') return false;
    const digits = digitsOf(text);
    if (digits.length < 9 || digits.length > 15) return false;
    if (text.startsWith('+')) return digits[0] !== '0';
    // Dates, decimal numbers, addresses and the groups of a card are written with the same separators.
    if (
      /^\d{4}-\d{2}-\d{2}/.test(text) ||
      /^\d{1,3}(\.\d{1,3}){3}$/.test(text) ||
      /^\d{4}([ -])\d{4}\1\d{4}/.test(text)
    )
      return false;
    const groups = text.split(/[ .\-()]+/).filter((group) => group !== '');
    return groups.length >= 3 && digits.length <= 12 ? undefined : false;
  },
  positives: ['call +1 415 555 0132', '+442079460958', '(415) 555-0132', '020 7946 0958'],
  negatives: ['2026-11-23 10:00', '192.168.100.100', '4111 1111 1111 1111', 'order 12345', '3.14159'],
};
