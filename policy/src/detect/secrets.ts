import type { EntityDetector } from './types.js';

/** API keys with a fixed prefix of well-known issuers. */
export const apiKey: EntityDetector = {
  entity: 'api_key',
  about: 'API key with the fixed prefix of a well-known issuer',
  trigger: 'literal',
  literals: [
    'sk-',
    'AKIA',
    'ghp_',
    'gho_',
    'ghu_',
    'ghs_',
    'ghr_',
    'xoxa-',
    'xoxb-',
    'xoxp-',
    'xoxr-',
    'glsa_',
    'AIza',
  ],
  pattern:
    'sk-[A-Za-z0-9_\\-]{20,200}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,255}|xox[abpr]-[A-Za-z0-9\\-]{10,200}|glsa_[A-Za-z0-9_]{32,64}|AIza[A-Za-z0-9_\\-]{35}',
  score: 0.95,
  maxLength: 260,
  positives: ['key sk-abcdefghijklmnopqrstuvwx', 'AKIAIOSFODNN7EXAMPLE'],
  negatives: ['sk-short', 'AKIA123', 'task-abcdefghijklmnopqrstuvwxyz'],
};

/** JSON web tokens (RFC 7519): three base64url parts of which the first two begin with an encoded `{"`. */
export const jwt: EntityDetector = {
  entity: 'jwt',
  about: 'JSON web token (RFC 7519)',
  trigger: 'literal',
  literals: ['eyJ'],
  pattern: 'eyJ[A-Za-z0-9_\\-]{5,1000}\\.eyJ[A-Za-z0-9_\\-]{5,1000}\\.[A-Za-z0-9_\\-]{5,1000}',
  score: 0.98,
  maxLength: 3005,
  positives: ['Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl'],
  negatives: ['eyJhbGciOiJIUzI1NiJ9', 'eyJ.eyJ.x'],
};
