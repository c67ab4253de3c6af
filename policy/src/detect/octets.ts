import { codeAt, isDigitCode } from './boundary.js';

/** True for 0 to 255 without a leading zero, of the digits from one place to another. */
export function octet(units: Uint16Array, start: number, end: number): boolean {
  const length = end - start;
  const first = codeAt(units, start);
  if (length > 3 || (length > 1 && first === 48)) return false;
  // 200 to 255 by their first two digits.
  if (length < 3 || first === 49) return true;
  if (first !== 50) return false;
  const second = codeAt(units, start + 1);
  return second < 53 || (second === 53 && codeAt(units, start + 2) <= 53);
}

/** True for four octets with dots, from one place to another. */
export function isV4(units: Uint16Array, start: number, end: number): boolean {
  let parts = 0;
  let from = start;
  for (let at = start; at <= end; at++) {
    const code = at === end ? 46 : codeAt(units, at);
    if (isDigitCode(code)) continue;
    if (code !== 46 || at === from || at - from > 3 || !octet(units, from, at)) return false;
    parts++;
    from = at + 1;
  }
  return parts === 4;
}
