import { codeAt, isDigitCode, isLetterCode } from './boundary.js';

/** Words that are written right before a number of their kind, with nothing or an underscore between: `SSN536-90-4399`, `card_4111111111111111`. */
const LABELS: ReadonlySet<string> = new Set([
  'ssn',
  'itin',
  'card',
  'cc',
  'pan',
  'visa',
  'mastercard',
  'amex',
  'maestro',
  'discover',
  'tel',
  'phone',
  'ph',
  'mobile',
  'mob',
  'cell',
  'fax',
]);
const SHORTEST = 2;
const LONGEST = 10;
const UNDERSCORE = 95;

/**
 * True when digits begin at `start` right behind one of these words, which is no part of a longer one: then they are a number, and no part of a word of letters
 * and digits. Looks at eleven characters at most.
 */
export function isLabelled(text: string, units: Uint16Array, start: number): boolean {
  // `card1` and `tel3a` are names.
  if (!isDigitCode(codeAt(units, start + 1))) return false;
  const end = codeAt(units, start - 1) === UNDERSCORE ? start - 1 : start;
  let from = end;
  while (end - from <= LONGEST && isLetterCode(codeAt(units, from - 1))) from--;
  if (end - from < SHORTEST || end - from > LONGEST || isDigitCode(codeAt(units, from - 1))) return false;
  return LABELS.has(text.slice(from, end).toLowerCase());
}
