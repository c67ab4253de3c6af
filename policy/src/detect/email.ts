import { codeAt, isDigitCode, isLetterCode, isWordCode } from './boundary.js';
import type { Subject } from './subject.js';
import type { EntityDetector } from './types.js';

/** Endings that file names have and mail domains do not. */
const FILE_ENDINGS = new Set(
  'png jpg jpeg gif svg webp bmp ico pdf txt js jsx tsx css scss less html htm json xml yaml yml csv tgz gz tar exe dll mp3 mp4 docx xlsx pptx jar war class lock toml ini log bak'.split(
    ' ',
  ),
);
const MAX_LOCAL = 64;
const MAX_DOMAIN = 253;

/** Letters of Latin with accents, Greek and Cyrillic belong to a name; those of scripts without spaces are the sentence around it. */
function isWideLetter(code: number): boolean {
  return (code >= 0xc0 && code <= 0x24f && code !== 0xd7 && code !== 0xf7) || (code >= 0x370 && code <= 0x52f);
}

function isLocalCode(code: number): boolean {
  if (code < 128)
    return (
      isLetterCode(code) ||
      isDigitCode(code) ||
      code === 46 ||
      code === 95 ||
      code === 37 ||
      code === 43 ||
      code === 45 ||
      code === 39
    );
  return isWideLetter(code);
}

const MAX_QUOTED = 62;
const QUOTE = 34;

/** Start of a quoted local part, without spaces, that ends right before the `@`; -1 for none. */
function quotedStart(units: Uint16Array, at: number, floor: number): number {
  for (let start = at - 2; start >= floor && at - start <= MAX_QUOTED + 2; start--) {
    const code = codeAt(units, start);
    if (code === QUOTE) return at - start > 2 && !isWordCode(codeAt(units, start - 1)) ? start : -1;
    if (code <= 32 || code > 126) return -1;
  }
  return -1;
}

/** An address in brackets instead of a domain (RFC 5321 section 4.1.3). */
const LITERAL = /\[(?:(?:\d{1,3}\.){3}\d{1,3}|IPv6:[0-9A-Fa-f:.]{2,45})\]/y;

/** End of the address in brackets that begins at `from`, or -1. */
function literalEnd(text: string, from: number): number {
  LITERAL.lastIndex = from;
  return LITERAL.test(text) ? LITERAL.lastIndex : -1;
}

function localStart(units: Uint16Array, at: number, floor: number): number {
  if (codeAt(units, at - 1) === QUOTE) return quotedStart(units, at, floor);
  let start = at;
  while (start > floor && at - start <= MAX_LOCAL && isLocalCode(codeAt(units, start - 1))) start--;
  if (at - start > MAX_LOCAL) return -1;
  // An ellipsis or a quotation mark before an address is not a part of it.
  for (let dot = at - 2; dot >= start; dot--) {
    if (codeAt(units, dot) !== 46 || codeAt(units, dot + 1) !== 46) continue;
    start = dot + 2;
    break;
  }
  while (start < at && !isWordCode(codeAt(units, start))) start++;
  return start === at || codeAt(units, at - 1) === 46 ? -1 : start;
}

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** Signs of the labels of a domain: 1 for digits and dashes, 2 for letters. */
const LABEL = new Uint8Array(128);
for (let code = 0; code < 128; code++) LABEL[code] = isLetterCode(code) ? 2 : isDigitCode(code) || code === 45 ? 1 : 0;

/** 0 for what is no sign of a label, 2 for letters. */
function labelKind(code: number): number {
  return code < 128 ? LABEL[code]! : isWideLetter(code) ? 2 : 0;
}

/** End of the domain that begins at `from`, or -1. */
function domainEnd({ text, units }: Subject, from: number): number {
  let at = from;
  let end = -1;
  while (at - from <= MAX_DOMAIN) {
    const label = at;
    let letters = 0;
    let code = codeAt(units, at);
    for (let kind = labelKind(code); kind > 0; kind = labelKind(code)) {
      if (kind === 2) letters++;
      code = codeAt(units, ++at);
    }
    const length = at - label;
    if (length === 0 || length > 63) break;
    let last = at;
    while (last > label && codeAt(units, last - 1) === 45) last--;
    if (codeAt(units, label) === 45 || last === label) break;
    const punycode = length > 4 && text.startsWith('xn--', label);
    // `jane@example.com.Please write`: the full stop is the sentence's.
    if (end !== -1 && last - label > 1 && isUpper(codeAt(units, label)) && !isUpper(codeAt(units, label + 1))) break;
    if (label > from && last - label >= 2 && (punycode || (letters === last - label && last - label <= 24))) end = last;
    if (last !== at || code !== 46) break;
    at++;
  }
  return end;
}

/** True behind `scheme://`: what stands before the `@` there is a user and a password. */
function inUrl({ text, units }: Subject, start: number): boolean {
  const before = codeAt(units, start - 1);
  if (before !== 47 && before !== 58) return false;
  const near = text.slice(Math.max(0, start - 64), start);
  return /:\/\/[^\s]*$/.test(near);
}

/** E-mail addresses (RFC 5321; quoted local parts without spaces, and addresses in brackets in place of a domain). */
export const email: EntityDetector = {
  entity: 'email',
  about: 'e-mail address (RFC 5321; quoted local parts without spaces)',
  trigger: 'at',
  pattern:
    '(?:[A-Za-z0-9._%+\\-\'\u00c0-\u024f\u0370-\u052f]{1,64}|"[!#-~]{1,62}")@(?:(?:[A-Za-z0-9\\-\u00c0-\u024f\u0370-\u052f]{1,63}\\.){1,8}[A-Za-z\u00c0-\u024f\u0370-\u052f][A-Za-z0-9\\-\u00c0-\u024f\u0370-\u052f]{1,62}|\\[[0-9A-Fa-fIPv:.]{7,50}\\])',
  score: 0.95,
  maxLength: 320,
  locate: (subject, emit) => {
    const { text, units, ats, atCount } = subject;
    let floor = 0;
    for (let index = 0; index < atCount; index++) {
      const at = ats[index]!;
      if (at < floor) continue;
      const literal = codeAt(units, at + 1) === 91;
      const end = literal ? literalEnd(text, at + 1) : domainEnd(subject, at + 1);
      if (end === -1) continue;
      const start = localStart(units, at, floor);
      if (start === -1) continue;
      const after = codeAt(units, end);
      // `git@host:path` is an address of a repository.
      if (isDigitCode(after) || after === 64 || (at - start === 3 && after === 58 && text.startsWith('git', start)))
        continue;
      if (inUrl(subject, start)) continue;
      if (!literal && FILE_ENDINGS.has(text.slice(text.lastIndexOf('.', end - 1) + 1, end).toLowerCase())) continue;
      emit(start, end, 0.95);
      floor = end;
    }
  },
  positives: [
    'mail jane@example.com',
    'a.b+c@sub.domain.co.uk!',
    '<x_y@host.io>',
    'see...jane@example.com',
    'write to jane@example.com.',
    'write to jane@example.com.Please do',
    "o'brien@example.ie",
    '邮箱jane@example.com。',
    'josé@example.com',
    'jürgen@müller.de',
    'info@bücher.example',
    'почта@пример.рф',
    '**jane@example.com**',
    '"jane.doe"@example.com',
    'to jane@[192.0.2.1].',
    'jane@[IPv6:2001:db8::1]',
  ],
  negatives: [
    'user@localhost',
    '@handle',
    'a@b',
    'no at sign here.com',
    'logo@2x.png',
    'git@github.com:org/repo',
    'react@18.2.0',
    'a@b@c.com@d',
    '""@example.com',
    'jane@[localhost]',
    'https://user:pass@example.com/',
  ],
};
