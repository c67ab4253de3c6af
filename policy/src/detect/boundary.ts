const LETTER = /^[\p{L}\p{N}_]$/u;

/** True when a character (or empty) is a letter, a digit or an underscore: a match that touches one is a part of something else. */
export function isWord(character: string): boolean {
  if (character === '') return false;
  return isWordCode(character.charCodeAt(0));
}

const WORD = new Uint8Array(128);
for (let code = 0; code < 128; code++) WORD[code] = Number(/\w/.test(String.fromCharCode(code)));

/** {@link isWord} for a UTF-16 code unit; 0 and NaN (the ends of a text) are none. CJK letters are no words here: those scripts write no spaces. */
export function isWordCode(code: number): boolean {
  if (code < 128) return WORD[code] === 1;
  if (Number.isNaN(code) || (code >= 0x2e80 && code <= 0xd7ff) || (code >= 0xf900 && code <= 0xffef)) return false;
  return LETTER.test(String.fromCharCode(code));
}

/** The code unit at a place of a text ({@link Subject.units}); 0 before its beginning and behind its end. */
export function codeAt(units: Uint16Array, at: number): number {
  return at >= 0 && at < units.length ? units[at]! : 0;
}

/** True for `0` to `9`. */
export function isDigitCode(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** True for ASCII letters. */
export function isLetterCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}
