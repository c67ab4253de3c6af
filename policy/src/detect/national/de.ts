import { mod11ten } from '../checksum/mod11-10.js';
import { layoutPattern } from '../layout-trie.js';
import type { EntityDetector } from '../types.js';

const LAYOUTS = [[11], [2, 3, 3, 3]] as const;

/** Tax identification numbers: one digit of the first ten occurs two or three times, all others at most once; check digit by ISO 7064 mod 11,10. */
export const deTaxId: EntityDetector = {
  entity: 'de_tax_id',
  about: 'German tax identification number: repetition rule and ISO 7064 mod 11,10',
  trigger: 'number',
  layouts: LAYOUTS,
  pattern: layoutPattern(LAYOUTS),
  score: 0.8,
  maxLength: 14,
  context: ['steuer*', 'steuer-id', 'idnr', 'tin', 'tax id', 'tax identification', 'identifikationsnummer'],
  validate: (match) => {
    const { compact } = match;
    if (compact[0] === '0') return false;
    const counts = new Map<string, number>();
    for (const digit of compact.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    const repeated = [...counts.values()].filter((count) => count > 1);
    if (repeated.length !== 1 || repeated[0]! > 3 || !mod11ten(compact)) return false;
    return match.inContext ? true : undefined;
  },
  positives: ['Steuer-ID 86095742719', '86 095 742 719'],
  negatives: ['86095742718', '12345678901', '06095742719'],
};
