import { codeAt } from '../boundary.js';
import { isOneDigit } from '../checksum/one-digit.js';
import { weighted } from '../checksum/weighted.js';
import { layoutPattern } from '../layout-trie.js';
import type { EntityDetector } from '../types.js';

const NHS = [[3, 3, 4], [10]] as const;

/** NHS numbers: modulus 11 (NHS Data Dictionary). A tenth of all numbers pass, so bare digits only in context. */
export const ukNhs: EntityDetector = {
  entity: 'uk_nhs',
  about: 'United Kingdom NHS number: modulus 11; bare digits in context only',
  trigger: 'number',
  layouts: NHS,
  pattern: layoutPattern(NHS),
  score: 0.6,
  maxLength: 12,
  context: ['nhs', 'patient', 'health service'],
  validate: (match) => {
    const { compact, text } = match;
    const check = (11 - (weighted(compact, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
    if (check !== compact.charCodeAt(9) - 48 || isOneDigit(compact)) return false;
    if (match.inContext) return true;
    return text.length === 10 || text.includes('-') ? false : undefined;
  },
  positives: ['NHS number 943 476 5919', 'nhs 9434765919'],
  negatives: ['943 476 5918', '9434765919', '000 000 0000'],
};

const NINO = /[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]/y;
const NOT_USED = new Set(['BG', 'GB', 'NK', 'KN', 'TN', 'NT', 'ZZ']);

/** National insurance numbers: letters that HM Revenue and Customs uses, six digits, suffix A to D. */
export const ukNino: EntityDetector = {
  entity: 'uk_nino',
  about: 'United Kingdom national insurance number: prefixes of HMRC',
  trigger: 'token',
  pattern: NINO.source,
  score: 0.85,
  maxLength: 13,
  locate: (subject, emit) => {
    const { text, units } = subject;
    // The digits follow the two letters at once (a word with digits) or after a space (a number).
    const look = (start: number): void => {
      NINO.lastIndex = start;
      if (start < 0 || !subject.opens(start) || !NINO.test(text) || !subject.closes(NINO.lastIndex)) return;
      if (!NOT_USED.has(text.slice(start, start + 2))) emit(start, NINO.lastIndex, 0.85);
    };
    for (const start of subject.accounts) look(start);
    for (let cluster = 0; cluster + 1 < subject.clusters.length; cluster++) {
      const start = subject.groupStart[subject.clusters[cluster]!]!;
      if (codeAt(units, start - 1) === 32) look(start - 3);
    }
  },
  positives: ['AB123456C', 'NI number AB 12 34 56 C', 'AB12 34 56C'],
  negatives: ['BG123456C', 'DA123456C', 'AB123456E', 'AB12345C'],
};
