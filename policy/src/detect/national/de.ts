import { mod11ten } from '../checksum/mod11-10.js';
import { layoutPattern } from '../layout-trie.js';
import { twoDigits } from '../two-digits.js';
import type { EntityDetector } from '../types.js';

const LAYOUTS = [[11], [2, 3, 3, 3]] as const;

const counts = new Uint8Array(10);

/** True when one digit of the first ten occurs two or three times and all others at most once. */
function repeats(digits: string): boolean {
  counts.fill(0);
  let repeated = 0;
  for (let index = 0; index < 10; index++) {
    const count = (counts[digits.charCodeAt(index) - 48]! += 1);
    if (count > 3) return false;
    if (count === 2) repeated++;
  }
  return repeated === 1;
}

/** Tax identification numbers: one digit of the first ten occurs two or three times, all others at most once; check digit by ISO 7064 mod 11,10. */
export const deTaxId: EntityDetector = {
  entity: 'de_tax_id',
  about: 'German tax identification number: repetition rule and ISO 7064 mod 11,10',
  trigger: 'number',
  layouts: LAYOUTS,
  begins: twoDigits((two) => two >= 10),
  pattern: layoutPattern(LAYOUTS),
  score: 0.8,
  maxLength: 14,
  context: ['steuer*', 'steuer-id', 'idnr', 'tin', 'tax id', 'tax identification', 'identifikationsnummer'],
  validate: (match) => {
    const { compact } = match;
    return mod11ten(compact) && repeats(compact) ? match.inContext || undefined : false;
  },
  positives: ['Steuer-ID 86095742719', '86 095 742 719'],
  negatives: ['86095742718', '12345678901', '06095742719'],
};
