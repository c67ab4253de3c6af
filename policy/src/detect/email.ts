import type { EntityDetector } from './types.js';
import { isWord } from './boundary.js';

/** E-mail addresses (the practical subset of RFC 5321: no quoted local parts, no address literals). */
export const email: EntityDetector = {
  entity: 'email',
  pattern: '[A-Za-z0-9._%+\\-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9\\-]{0,61}[A-Za-z0-9])?\\.){1,8}[A-Za-z]{2,24}',
  score: 0.95,
  maxLength: 320,
  prefilter: (text) => text.includes('@'),
  validate: (text, before, after) =>
    isWord(before) || isWord(after) || text.startsWith('.') || text.includes('..') ? false : undefined,
  positives: ['mail jane@example.com', 'a.b+c@sub.domain.co.uk!', '<x_y@host.io>', 'see...jane@example.com'],
  negatives: ['user@localhost', '@handle', 'a@b', 'no at sign here.com'],
};
