import type { EntityDetector } from './types.js';
import { digitsOf, hasDigit, isWord } from './boundary.js';

/** Luhn's check (ISO/IEC 7812-1 annex B). */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    let digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    if (index % 2 === 1) {
      digit *= 2;
      if (digit > 9) digit -= 9;
    }
    sum += digit;
  }
  return sum % 10 === 0;
}

/** Payment card numbers of 13 to 19 digits, by issuer range and Luhn's check. */
export const creditCard: EntityDetector = {
  entity: 'credit_card',
  pattern: '[2-6]\\d{3}(?:[ \\-]?\\d{4}){2}[ \\-]?\\d{1,7}|3[47]\\d{2}[ \\-]?\\d{6}[ \\-]?\\d{5}',
  score: 0.3,
  maxLength: 23,
  prefilter: hasDigit,
  validate: (text, before, after) => {
    if (isWord(before) || isWord(after)) return false;
    const digits = digitsOf(text);
    return digits.length >= 13 && digits.length <= 19 && !/^(\d)\1+$/.test(digits) && luhn(digits);
  },
  positives: ['4111 1111 1111 1111', 'card 5500-0000-0000-0004.', '378282246310005'],
  negatives: ['4111 1111 1111 1112', '1234567890123456', 'x4111111111111111', '0000 0000 0000 0000'],
};
