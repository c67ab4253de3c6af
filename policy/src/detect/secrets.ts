import type { EntityDetector } from './types.js';
import { isWord } from './boundary.js';

const edges = (_text: string, before: string, after: string): false | undefined =>
  isWord(before) || isWord(after) ? false : undefined;

/** API keys with a fixed prefix of well-known issuers. */
export const apiKey: EntityDetector = {
  entity: 'api_key',
  pattern:
    'sk-[A-Za-z0-9_\\-]{20,200}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,255}|xox[abpr]-[A-Za-z0-9\\-]{10,200}|glsa_[A-Za-z0-9_]{32,64}|AIza[A-Za-z0-9_\\-]{35}',
  score: 0.95,
  maxLength: 260,
  prefilter: (text) => /sk-|AKIA|gh[pousr]_|xox[abpr]-|glsa_|AIza/.test(text),
  validate: edges,
  positives: ['key sk-abcdefghijklmnopqrstuvwx', 'AKIAIOSFODNN7EXAMPLE'],
  negatives: ['sk-short', 'AKIA123', 'task-abcdefghijklmnopqrstuvwxyz'],
};

/** JSON web tokens (RFC 7519): three base64url parts of which the first two begin with an encoded `{"`. */
export const jwt: EntityDetector = {
  entity: 'jwt',
  pattern: 'eyJ[A-Za-z0-9_\\-]{5,1000}\\.eyJ[A-Za-z0-9_\\-]{5,1000}\\.[A-Za-z0-9_\\-]{5,1000}',
  score: 0.98,
  maxLength: 3005,
  prefilter: (text) => text.includes('eyJ'),
  validate: edges,
  positives: ['Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl'],
  negatives: ['eyJhbGciOiJIUzI1NiJ9', 'eyJ.eyJ.x'],
};
