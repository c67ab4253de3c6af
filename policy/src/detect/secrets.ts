import { codeAt, isDigitCode, isLetterCode, isWordCode } from './boundary.js';
import { ContextWords } from './context-words.js';
import type { Subject } from './subject.js';
import type { EntityDetector, Emit } from './types.js';

const EQUALS = 61;

/** Fixed prefixes of keys, and what follows them, as their issuers document them. */
const KEYS: readonly (readonly [prefix: string, rest: string])[] = [
  ['sk-', '[A-Za-z0-9_\\-]{20,200}'],
  ['AKIA', '[0-9A-Z]{16}'],
  ['ASIA', '[0-9A-Z]{16}'],
  ['ghp_', '[A-Za-z0-9]{36,255}'],
  ['gho_', '[A-Za-z0-9]{36,255}'],
  ['ghu_', '[A-Za-z0-9]{36,255}'],
  ['ghs_', '[A-Za-z0-9]{36,255}'],
  ['ghr_', '[A-Za-z0-9]{36,255}'],
  ['github_pat_', '[A-Za-z0-9_]{50,255}'],
  ['glpat-', '[A-Za-z0-9_\\-]{20,64}'],
  ['xoxa-', '[A-Za-z0-9\\-]{10,200}'],
  ['xoxb-', '[A-Za-z0-9\\-]{10,200}'],
  ['xoxp-', '[A-Za-z0-9\\-]{10,200}'],
  ['xoxr-', '[A-Za-z0-9\\-]{10,200}'],
  ['xoxs-', '[A-Za-z0-9\\-]{10,200}'],
  ['xapp-', '[A-Za-z0-9\\-]{20,200}'],
  ['glsa_', '[A-Za-z0-9_]{32,64}'],
  ['glc_', '[A-Za-z0-9+/=]{32,200}'],
  ['AIza', '[A-Za-z0-9_\\-]{35}'],
  ['sk_live_', '[A-Za-z0-9]{16,128}'],
  ['sk_test_', '[A-Za-z0-9]{16,128}'],
  ['rk_live_', '[A-Za-z0-9]{16,128}'],
  ['whsec_', '[A-Za-z0-9]{24,128}'],
  ['npm_', '[A-Za-z0-9]{36}'],
  ['pypi-', '[A-Za-z0-9_\\-]{50,250}'],
  ['hf_', '[A-Za-z0-9]{30,64}'],
  ['dop_v1_', '[a-f0-9]{64}'],
  ['shpat_', '[a-fA-F0-9]{32}'],
  ['lin_api_', '[A-Za-z0-9]{32,64}'],
  ['PMAK-', '[A-Za-z0-9\\-]{50,80}'],
  ['NRAK-', '[A-Z0-9]{27}'],
  ['sntrys_', '[A-Za-z0-9+/=_]{40,250}'],
  ['sbp_', '[a-f0-9]{40}'],
  ['SG.', '[A-Za-z0-9_\\-]{20,24}\\.[A-Za-z0-9_\\-]{40,46}'],
];

/** An AWS secret access key has no prefix: a word before it has to say what it is. */
const AWS_SECRET = '[0-9A-Za-z/+]{40}';
const AWS_SECRET_LENGTH = 40;
const AWS_WORDS = new ContextWords([
  'secret',
  'secretkey*',
  'secretaccess*',
  'awssecret*',
  'aws secret access key',
  'secret access key',
]);
const AWS_REACH = 24;

function isAwsCode(code: number): boolean {
  return isLetterCode(code) || isDigitCode(code) || code === 43 || code === 47;
}

/** Emits the AWS secret access key that holds a place, when there is one and a word says so. Gives the end of what was looked at. */
function emitAwsSecret({
  subject,
  at,
  floor,
  emit,
}: {
  subject: Subject;
  at: number;
  floor: number;
  emit: Emit;
}): number {
  const { text, units } = subject;
  let start = at;
  let end = at;
  while (start > floor && end - start <= AWS_SECRET_LENGTH && isAwsCode(codeAt(units, start - 1))) start--;
  while (end - start <= AWS_SECRET_LENGTH && isAwsCode(codeAt(units, end))) end++;
  if (end - start !== AWS_SECRET_LENGTH || isWordCode(codeAt(units, start - 1)) || isWordCode(codeAt(units, end)))
    return end;
  const key = text.slice(start, end);
  // Digits and letters of both cases: no hash is one.
  const mixed = /[0-9]/.test(key) && /[a-z]/.test(key) && /[A-Z]/.test(key);
  if (mixed && codeAt(units, end) !== EQUALS && AWS_WORDS.before(subject.near(start), AWS_REACH) !== Infinity)
    emit(start, end, 0.9);
  return end;
}

/** AWS secret access keys behind a word for them, from the words of letters and digits in them. */
function locateAwsSecrets(subject: Subject, emit: Emit): void {
  const { tokens, pieces } = subject;
  let floor = 0;
  for (let index = 0; index < tokens.length; index += 2) {
    const at = tokens[index]!;
    if (at >= floor && tokens[index + 1]! - at <= AWS_SECRET_LENGTH)
      floor = emitAwsSecret({ subject, at, floor, emit });
  }
  floor = 0;
  for (const at of pieces) if (at >= floor) floor = emitAwsSecret({ subject, at, floor, emit });
}

/** API keys with the fixed prefix of a well-known issuer, and AWS secret access keys by the word before them. */
export const apiKey: EntityDetector = {
  entity: 'api_key',
  about: 'API key with the fixed prefix of a well-known issuer; AWS secret access key behind a word for it',
  trigger: 'literal',
  literals: KEYS.map(([prefix]) => prefix),
  pattern: [...KEYS.map(([prefix, rest]) => prefix.replace(/[.-]/g, '\\$&') + rest), AWS_SECRET].join('|'),
  locate: locateAwsSecrets,
  score: 0.95,
  maxLength: 270,
  positives: [
    'key sk-abcdefghijklmnopqrstuvwx',
    'AKIAIOSFODNN7EXAMPLE',
    'glpat-abcdefghij0123456789',
    `sk_live_${'a1'.repeat(12)}`,
    'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    '"SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"',
    'secret access key is wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY.',
  ],
  negatives: [
    'sk-short',
    'AKIA123',
    'task-abcdefghijklmnopqrstuvwxyz',
    'risk-averse-and-otherwise-careful',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'secret 3f786850e387550fdab836ed7e6dc881de23001b',
    'secretary wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY42',
  ],
};

/** JSON web tokens (RFC 7519): three base64url parts of which the first two begin with an encoded `{"`. */
export const jwt: EntityDetector = {
  entity: 'jwt',
  about: 'JSON web token (RFC 7519)',
  trigger: 'token',
  necessary: 'eyJ[A-Za-z0-9_\\-]{5}',
  pattern: 'eyJ[A-Za-z0-9_\\-]{5,1000}\\.eyJ[A-Za-z0-9_\\-]{5,1000}\\.[A-Za-z0-9_\\-]{5,1000}',
  score: 0.98,
  maxLength: 3005,
  positives: ['Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl'],
  negatives: ['eyJhbGciOiJIUzI1NiJ9', 'eyJ.eyJ.x'],
};

/** Canary strings: put into a system prompt or a data set, so that a text that holds one shows where it came from. */
export const canary: EntityDetector = {
  entity: 'canary',
  about: 'canary string: `canary-` or `canary_` and a random part of 12 characters or more, or a UUID',
  trigger: 'literal',
  literals: ['canary-', 'canary_', 'Canary-', 'Canary_', 'CANARY-', 'CANARY_'],
  pattern: '(?:canary|Canary|CANARY)[_\\-](?:[0-9A-Za-z]{12,64}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})',
  score: 0.95,
  maxLength: 71,
  // Random signs hold several digits; names of deployments do not.
  validate: ({ text }) => (/\d[^\d]*\d/.test(text) ? undefined : false),
  positives: [
    'canary-7f3a9c2e41d8b605',
    'the key is CANARY_Q8Z2K4M6P0R1.',
    '(canary-26b5c67b-86dc-4c63-8b3f-2f3d5a9e1c77)',
  ],
  negatives: [
    'canary-deployment',
    'canary-v2',
    'canary_release_2024_11',
    'mycanary-7f3a9c2e41d8b605',
    'canary-deploymentonly',
  ],
};

const BEGIN = '-----BEGIN ';
const MAX_KEY = 8192;

/** Private keys in PEM form (RFC 7468) and in the armor of OpenPGP (RFC 9580), from the first line to the last. */
export const privateKey: EntityDetector = {
  entity: 'private_key',
  about: 'private key in PEM form (RFC 7468) or OpenPGP armor',
  trigger: 'literal',
  necessary: '-----BEGIN [A-Z ]{0,24}PRIVATE KEY',
  // Whatever stands between, as in strings of JSON (`\n`) and in comments; only a backtick ends what is a mention of the first line in prose.
  pattern: '-----BEGIN [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----[^`]*?-----END [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----',
  score: 0.99,
  maxLength: MAX_KEY,
  locate: ({ text }, emit) => {
    let end = -1;
    for (let start = text.indexOf(BEGIN); start !== -1; start = text.indexOf(BEGIN, start + BEGIN.length)) {
      if (!/^[A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----/.test(text.slice(start + BEGIN.length, start + 66))) continue;
      // The next last line is looked for once, however many first lines come before it.
      if (end < start) end = text.indexOf('-----END ', start);
      if (end === -1) return;
      const close = /^[A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----/.exec(text.slice(end + 9, end + 66));
      if (close === null || end - start > MAX_KEY - 60) continue;
      if (text.slice(start, end).includes('`')) continue;
      const stop = end + 9 + close[0].length;
      emit(start, stop, 0.99);
      start = stop - BEGIN.length;
    }
  },
  positives: [
    '-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\n-----END RSA PRIVATE KEY-----',
    '-----BEGIN PGP PRIVATE KEY BLOCK-----\nComment: a.b (c)\n\nlQOYBF==\n=Ab1c\n-----END PGP PRIVATE KEY BLOCK-----',
    '{"private_key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQ==\\n-----END PRIVATE KEY-----\\n"}',
    '-----BEGIN PGP PRIVATE KEY BLOCK-----\nComment: Schlüssel von "J.\'s"!\n\nlQOYBF==\n-----END PGP PRIVATE KEY BLOCK-----',
  ],
  negatives: [
    '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
    '-----BEGIN PRIVATE KEY-----',
    'from `-----BEGIN PRIVATE KEY-----` to `-----END PRIVATE KEY-----`',
  ],
};

/** Start of the stretch before `end` without spaces, `/`, `:` and `@`, at most `limit` characters long. */
function wordStart(units: Uint16Array, end: number, limit: number): number {
  let start = end;
  while (end - start < limit) {
    const code = codeAt(units, start - 1);
    if (code <= 32 || code === 47 || code === 58 || code === 64) break;
    start--;
  }
  return start;
}

/** Passwords in the address of a service, `postgres://user:password@host`. Only the password is the finding. */
export const urlPassword: EntityDetector = {
  entity: 'url_password',
  about: 'password in the address of a service',
  trigger: 'colon',
  // What wordStart passes, so letters of any alphabet too: what this does not match is neither held in a stream nor seen behind a set of patterns.
  pattern: '[A-Za-z]://[^\\x00-\\x20/:@]{0,64}:[^\\x00-\\x20/:@]{1,96}@',
  score: 0.9,
  maxLength: 166,
  locate: ({ text, units, ats, atCount }, emit) => {
    for (let index = 0; index < atCount; index++) {
      const at = ats[index]!;
      const colon = wordStart(units, at, 96) - 1;
      if (colon === at - 1 || codeAt(units, colon) !== 58) continue;
      const user = wordStart(units, colon, 64);
      if (text.slice(user - 3, user) === '://' && isLetterCode(codeAt(units, user - 4))) emit(colon + 1, at, 0.9);
    }
  },
  positives: ['postgres://app:s3cret@db.internal/x', 'amqp://bé:pä55wört@queue.internal', 'redis://:s3cret@cache'],
  negatives: ['postgres://db.internal/x', 'mail jane@example.com', 'http://a:80/x@y'],
};
