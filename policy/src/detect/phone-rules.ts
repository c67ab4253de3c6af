import { isInternational } from './phone-codes.js';

/** A stretch of digit groups that may be a telephone number. */
export interface PhoneShape {
  digits: string;
  /** Lengths of the groups, e.g. `3,3,4`. */
  layout: string;
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
  return /^[2-9]\d{2}[2-9]\d{6}$/.test(digits) && !/^(\d)\1+$/.test(digits);
}

function isDate(layout: string, digits: string): boolean {
  const [a = '', b = '', c = ''] = layout.split(',');
  const parts = [Number(a), Number(b), Number(c)] as const;
  if (parts[0] === 4 && parts[1] <= 2 && parts[2] <= 2) {
    return /^(?:1[89]|2[01])/.test(digits) && Number(digits.slice(4, 4 + parts[1])) <= 12;
  }
  if (parts[0] > 2 || parts[1] > 2 || (parts[2] !== 4 && parts[2] !== 2)) return false;
  const [first, second] = [Number(digits.slice(0, parts[0])), Number(digits.slice(parts[0], parts[0] + parts[1]))];
  const year = digits.slice(parts[0] + parts[1], parts[0] + parts[1] + parts[2]);
  return parts[2] === 4 && first <= 31 && second <= 31 && /^(?:19|20)/.test(year);
}

/** Score of a national number by the ways in which countries write them; 0 for none. */
function national(shape: PhoneShape): number {
  const { digits, layout, parentheses, spaces, crowded, decimal } = shape;
  const { length } = digits;
  if (length < 7 || length > 12) return 0;
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
  const groups = layout.split(',').map(Number);
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
  return layout === '3,2,4' || /^(?:(?:19|20)\d\d){2}$/.test(digits) || holdsDate(layout, digits) ? 0 : 0.55;
}

function holdsDate(layout: string, digits: string): boolean {
  const groups = layout.split(',');
  let at = 0;
  for (let index = 0; index + 2 < groups.length; index++) {
    if (isDate(groups.slice(index).join(','), digits.slice(at))) return true;
    at += Number(groups[index]);
  }
  return false;
}

/** Score of a stretch of digits as a telephone number; 0 when it is none. */
export function phoneScore(shape: PhoneShape): number {
  const { digits, layout, plus, spaces, crowded } = shape;
  if (/^(\d)\1+$/.test(digits)) return 0;
  if (plus) {
    if (digits[0] === '0') return 0;
    return isInternational(digits, false) ? 1 : isInternational(digits, true) ? 0.55 : 0;
  }
  if (isDate(layout, digits)) return 0;
  const prefix = /^(?:00[1-9]|011(?=[1-9]))/.exec(digits);
  if (prefix !== null && (layout.includes(',') || shape.says === 'phone' || digits.startsWith('00'))) {
    const rest = digits.slice(digits.startsWith('00') ? 2 : 3);
    if (shape.says !== 'other' && !(spaces && crowded) && isInternational(rest, false))
      return layout.includes(',') ? 0.8 : 0.6;
  }
  if (digits.startsWith('00')) return 0;
  return national(shape);
}
