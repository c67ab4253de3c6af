import { isOneDigit } from '../checksum/one-digit.js';
import { verhoeff } from '../checksum/verhoeff.js';
import { layoutPattern } from '../layout-trie.js';
import { twoDigits } from '../two-digits.js';
import { codeAt, isDigitCode } from '../boundary.js';
import type { EntityDetector, Match } from '../types.js';

const AADHAAR = [[4, 4, 4], [12]] as const;

/** True when a digit stands one character before or behind: `8087 8169 8115 217` is something longer. */
function isTied({ subject, start, end }: Match): boolean {
  const { units } = subject;
  return isDigitCode(codeAt(units, start - 2)) || isDigitCode(codeAt(units, end + 1));
}

/** Aadhaar numbers: no leading 0 or 1, Verhoeff's check; twelve bare digits only in context. */
export const inAadhaar: EntityDetector = {
  entity: 'in_aadhaar',
  about: 'Indian Aadhaar number: Verhoeff; bare digits in context only',
  trigger: 'number',
  layouts: AADHAAR,
  begins: twoDigits((two) => two >= 20),
  pattern: layoutPattern(AADHAAR),
  score: 0.7,
  maxLength: 14,
  context: ['aadhaar', 'aadhar', 'uidai', 'uid', 'adhaar'],
  validate: (match) => {
    const { compact, text } = match;
    if (!verhoeff(compact) || isOneDigit(compact)) return false;
    if (match.inContext) return true;
    return text.length === 12 || isTied(match) ? false : undefined;
  },
  positives: ['Aadhaar 2345 6789 0124', 'aadhaar: 234567890124'],
  negatives: ['2345 6789 0125', '234567890124', '0234 5678 9012', 'gift code 2345 6789 0124 217'],
};

/** Permanent account numbers: five letters of which the fourth says the kind of holder, four digits, a letter. */
export const inPan: EntityDetector = {
  entity: 'in_pan',
  about: 'Indian permanent account number (PAN): form and kind of holder',
  trigger: 'token',
  pattern: '[A-Z]{3}[ABCFGHJLPT][A-Z]\\d{4}[A-Z]',
  score: 0.75,
  maxLength: 10,
  positives: ['PAN ABCPE1234F'],
  negatives: ['ABCDE1234F', 'ABCPE12345', 'XABCPE1234F'],
};
