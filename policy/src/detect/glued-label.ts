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
const ONE = 49;
const DASH = 45;

/**
 * True when digits begin at `start` right behind one of these words, which is no part of a longer one: then they are a number, and no part of a word of letters
 * and digits. Looks at eleven characters at most.
 */
export function isLabelled(text: string, units: Uint16Array, start: number): boolean {
  // `card1` and `tel3a` are names; `TEL1-416-` begins a number of North America.
  if (!isDigitCode(codeAt(units, start + 1)) && !isNorthAmerican(units, start)) return false;
  const end = codeAt(units, start - 1) === UNDERSCORE ? start - 1 : start;
  let from = end;
  while (end - from <= LONGEST && isLetterCode(codeAt(units, from - 1))) from--;
  if (end - from < SHORTEST || end - from > LONGEST || isDigitCode(codeAt(units, from - 1))) return false;
  return LABELS.has(text.slice(from, end).toLowerCase());
}

/** True for `1-`, three digits and a dash. */
function isNorthAmerican(units: Uint16Array, start: number): boolean {
  if (codeAt(units, start) !== ONE || codeAt(units, start + 1) !== DASH || codeAt(units, start + 5) !== DASH)
    return false;
  for (let at = start + 2; at < start + 5; at++) if (!isDigitCode(codeAt(units, at))) return false;
  return true;
}
