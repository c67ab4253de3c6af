import { isOneDigit } from './checksum/one-digit.js';
import { isInternational } from './phone-codes.js';

/** A stretch of digit groups that may be a telephone number. */
export interface PhoneShape {
  digits: string;
  /** Lengths of the groups. */
  groups: readonly number[];
  /** Begins with `+`. */
  plus: boolean;
  /** The first group (after a country code) stands in parentheses. */
  parentheses: boolean;
  /** Every separator is a space. */
  spaces: boolean;
  /** A word before it speaks for a telephone number, or against one. */
  readonly says: 'phone' | 'other' | 'nothing';
  /** Other groups of digits stand around it, with spaces between. */
  crowded: boolean;
  /** Two groups with a dot between. */
  decimal: boolean;
}

/** Area code and exchange of the North American Numbering Plan. */
function isNanp(digits: string): boolean {
  return /^[2-9]\d{2}[2-9]\d{6}$/.test(digits) && !isOneDigit(digits);
}

/** True when the groups from one on, whose digits begin at `at`, are written like a date. */
function isDate(groups: readonly number[], digits: string, from = 0, at = 0): boolean {
  const a = groups[from]!;
  const b = groups[from + 1] ?? 0;
  const c = groups[from + 2] ?? 0;
  if (a === 4 && b <= 2 && c <= 2) {
    return /^(?:1[89]|2[01])/.test(digits.slice(at, at + 2)) && Number(digits.slice(at + 4, at + 4 + b)) <= 12;
  }
  if (a > 2 || b > 2 || c !== 4) return false;
  const first = Number(digits.slice(at, at + a));
  const second = Number(digits.slice(at + a, at + a + b));
  const century = digits.slice(at + a + b, at + a + b + 2);
  return first <= 31 && second <= 31 && (century === '19' || century === '20');
}

/** Score of a national number by the ways in which countries write them; 0 for none. */
function national(shape: PhoneShape): number {
  const { digits, groups, parentheses, spaces, crowded, decimal } = shape;
  const { length } = digits;
  if (length < 7 || length > 12) return 0;
  const layout = groups.length === 1 ? '' : groups.join(',');
  const { says } = shape;
  const word = says === 'phone';
  const bare = says === 'nothing';
  if (length === 10 && layout === '3,3,4') {
    if (parentheses) return 0.8;
    if (spaces) return word || (isNanp(digits) && bare && !crowded) ? 0.65 : 0;
    return says === 'other' && !isNanp(digits) ? 0 : 0.75;
  }
  if (length === 11 && digits[0] === '1' && (layout === '1,3,3,4' || layout === '1,3,7'))
    return spaces && !word ? (crowded ? 0 : 0.6) : 0.8;
  if (parentheses && length >= 8 && length <= 12) return 0.7;
  if (says === 'other') return 0;
  if (crowded && !word) return 0;
  if (groups.length === 1) {
    if (length === 10 && (isNanp(digits) || /^0[1-9]|^[6-9]/.test(digits))) return word ? 0.85 : 0.5;
    if (length === 11 && /^0[1-9]/.test(digits)) return word ? 0.85 : 0.55;
    return word && length >= 7 && length <= 12 ? 0.6 : 0;
  }
  if (
    /^0[1-9]/.test(digits) &&
    length >= 9 &&
    length <= 12 &&
    groups[0]! >= 2 &&
    groups[0]! <= 6 &&
    groups.slice(1).every((group) => group >= 2)
  )
    return 0.7;
  if (length === 9 && ['3,3,3', '3,2,2,2', '2,3,2,2'].includes(layout))
    return word ? 0.8 : /^[4-9]/.test(digits) ? 0.5 : 0;
  if (length === 10 && layout === '5,5' && /^[6-9]/.test(digits)) return 0.65;
  if (length === 11 && layout === '3,4,4' && digits[0] === '1') return 0.65;
  if (length === 11 && layout === '2,5,4' && digits[2] === '9') return 0.6;
  if (length === 7 && layout === '3,4') return word ? 0.6 : 0;
  if (length === 10 && layout === '3,7' && digits[0] === '3') return 0.55;
  if (layout === '4,3,3' && /^1[38]00/.test(digits)) return 0.6;
  if (!word || decimal || crowded || length < 7 || length > 12 || groups.some((group) => group < 2)) return 0;
  return layout === '3,2,4' || /^(?:(?:19|20)\d\d){2}$/.test(digits) || holdsDate(groups, digits) ? 0 : 0.55;
}

function holdsDate(groups: readonly number[], digits: string): boolean {
  let at = 0;
  for (let index = 0; index + 2 < groups.length; index++) {
    if (isDate(groups, digits, index, at)) return true;
    at += groups[index]!;
  }
  return false;
}

/** Score of a stretch of digits as a telephone number; 0 when it is none. */
export function phoneScore(shape: PhoneShape): number {
  const { digits, groups, plus, spaces, crowded } = shape;
  if (isOneDigit(digits)) return 0;
  if (plus) {
    if (digits[0] === '0') return 0;
    return isInternational(digits, false) ? 1 : isInternational(digits, true) ? 0.55 : 0;
  }
  if (isDate(groups, digits)) return 0;
  if (digits.charCodeAt(0) !== 48) return national(shape);
  const prefix = /^(?:00[1-9]|011(?=[1-9]))/.exec(digits);
  const grouped = groups.length > 1;
  if (prefix !== null && (grouped || shape.says === 'phone' || digits.startsWith('00'))) {
    const rest = digits.slice(digits.startsWith('00') ? 2 : 3);
    if (shape.says !== 'other' && !(spaces && crowded) && isInternational(rest, false)) return grouped ? 0.8 : 0.6;
  }
  if (digits.startsWith('00')) return 0;
  return national(shape);
}
