import { isOneDigit } from '../checksum/one-digit.js';
import { weighted } from '../checksum/weighted.js';
import { layoutPattern } from '../layout-trie.js';
import type { EntityDetector } from '../types.js';

const LAYOUTS = [[9], [4, 2, 3], [3, 3, 3]] as const;

/** Citizen service numbers: the eleven test. A tenth of all numbers pass, so only in context. */
export const nlBsn: EntityDetector = {
  entity: 'nl_bsn',
  about: 'Dutch citizen service number (BSN): eleven test, in context only',
  trigger: 'number',
  layouts: LAYOUTS,
  separators: ' .-',
  pattern: layoutPattern(LAYOUTS, ' .-'),
  score: 0.9,
  maxLength: 11,
  context: ['bsn', 'burgerservicenummer', 'sofi', 'sofinummer', 'citizen service number'],
  validate: (match) => {
    const { compact } = match;
    const fits = weighted(compact, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && !isOneDigit(compact);
    return fits && match.inContext ? undefined : false;
  },
  positives: ['BSN 111222333', 'burgerservicenummer: 1112.22.333'],
  negatives: ['111222333', 'BSN 111222334', 'BSN 000000000'],
};
