import type { Ranges } from './stream/parse-pattern.js';

/** Digits of other scripts begin here; the last ones of one code unit end before the other. */
const FIRST = 0x660;
const LAST = 0x1820;
/** `！` to `～`, the wide forms of the printable characters of ASCII. */
const WIDE_FIRST = 0xff01;
const WIDE_LAST = 0xff5e;
const WIDE_BY = 0xfee0;
const WIDE_SPACE = 0x3000;

/** For code units from {@link FIRST} on: the code of the digit in ASCII, 0 for what is no digit. Unicode keeps the ten digits of a script in a row. */
const DIGITS = new Uint8Array(LAST - FIRST);
for (let code = FIRST, value = 0; code < LAST; code++) {
  if (!/^\p{Nd}$/u.test(String.fromCharCode(code))) continue;
  DIGITS[code - FIRST] = 48 + value;
  value = (value + 1) % 10;
}

/**
 * The character of ASCII that a UTF-16 code unit stands for: digits of every script with code units of its own (`٣`, `३`), wide forms of East Asia (`４`, `＠`), the
 * ideographic space. Everything else is itself. One unit for one unit, so places in a text stay where they are.
 */
export function plainUnit(code: number): number {
  if (code < FIRST) return code;
  if (code >= WIDE_FIRST) return code <= WIDE_LAST ? code - WIDE_BY : code;
  if (code < LAST) return DIGITS[code - FIRST]! || code;
  return code === WIDE_SPACE ? 32 : code;
}

/** Ranges with every code unit that {@link plainUnit} takes into them. */
export function withPlainForms(ranges: Ranges): Ranges {
  const more: [number, number][] = ranges.map(([from, to]) => [from, to]);
  for (const [from, to] of ranges) {
    if (from <= 32 && to >= 32) more.push([WIDE_SPACE, WIDE_SPACE]);
    if (to > 32 && from < 127) more.push([Math.max(from, 33) + WIDE_BY, Math.min(to, 126) + WIDE_BY]);
    if (to < 48 || from > 57) continue;
    for (let code = FIRST; code < LAST; code++) {
      const digit = DIGITS[code - FIRST]!;
      if (digit !== 0 && digit >= from && digit <= to) more.push([code, code]);
    }
  }
  return more;
}
