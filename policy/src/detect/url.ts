import { codeAt, isLetterCode, isWordCode } from './boundary.js';
import type { EntityDetector } from './types.js';

const SCHEMES = new Set(['http', 'https', 'ftp', 'ftps', 'ws', 'wss', 'file', 'ssh', 's3', 'gs']);
const MAX_URL = 2048;

function isUrlCode(code: number): boolean {
  return (
    code > 32 &&
    code < 127 &&
    code !== 34 &&
    code !== 60 &&
    code !== 62 &&
    code !== 92 &&
    code !== 94 &&
    code !== 96 &&
    code !== 123 &&
    code !== 124 &&
    code !== 125
  );
}

/** Addresses with a scheme that people use (RFC 3986); the punctuation of the sentence behind it is not taken. */
export const url: EntityDetector = {
  entity: 'url',
  about: 'address with a scheme (RFC 3986)',
  trigger: 'colon',
  pattern: '(?:https?|ftps?|wss?|file|ssh|s3|gs)://[!-~]{3,}',
  score: 0.8,
  maxLength: MAX_URL,
  locate: ({ text, units, colons, colonCount }, emit) => {
    let floor = 0;
    for (let index = 0; index < colonCount; index++) {
      const colon = colons[index]!;
      if (colon < floor || codeAt(units, colon + 1) !== 47 || codeAt(units, colon + 2) !== 47) continue;
      let start = colon;
      while (colon - start < 6 && (isLetterCode(codeAt(units, start - 1)) || codeAt(units, start - 1) === 51)) start--;
      if (!SCHEMES.has(text.slice(start, colon)) || isWordCode(codeAt(units, start - 1))) continue;
      let end = colon + 3;
      while (end - start < MAX_URL && isUrlCode(codeAt(units, end))) end++;
      floor = end;
      while (end > colon + 3 && ".,;:!?)]'*_".includes(text.charAt(end - 1))) end--;
      if (end - colon >= 6) emit(start, end, 0.8);
    }
  },
  positives: ['see https://example.com/a?b=c.', '(http://localhost:8080/x)', 'ftp://files.example.org'],
  negatives: ['http:// nothing', 'example.com', 'foo://bar.baz', 'a://b'],
};
