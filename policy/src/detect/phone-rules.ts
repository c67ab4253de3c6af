import { isInternational } from './phone-codes.js';

/** A stretch of digit groups that may be a telephone number. One object serves a whole text, so that what is no number leaves nothing to be collected. */
export interface PhoneShape {
  /** Values of the digits; those from `length` on mean nothing. */
  readonly digits: Uint8Array;
  readonly length: number;
  /** Lengths of the groups; those from `groups` on mean nothing. */
  readonly sizes: Uint8Array;
  readonly groups: number;
  /** The lengths of the groups as hexadecimal digits: `0x334` for three, three and four. */
  readonly layout: number;
  /** All digits are the same. */
  readonly oneDigit: boolean;
  /** Begins with `+`. */
  readonly plus: boolean;
  /** The first group (after a country code) stands in parentheses. */
  readonly parentheses: boolean;
  /** Every separator is a space. */
  readonly spaces: boolean;
  /** A word before it speaks for a telephone number, or against one. */
  readonly says: 'phone' | 'other' | 'nothing';
  /** Other groups of digits stand around it, with spaces between. */
  readonly crowded: boolean;
  /** Two groups with a dot between. */
  readonly decimal: boolean;
}

/** Digits of a number with zeros first that a word calls a telephone's. */
const MAX_LABELLED = 12;

/** Area code and exchange of the North American Numbering Plan. */
function isNanp({ digits, length, oneDigit }: PhoneShape): boolean {
  return length === 10 && digits[0]! >= 2 && digits[3]! >= 2 && !oneDigit;
}

/** True when the groups from one on, whose digits begin at `at`, are written like a date. */
function isDate({ digits, sizes, groups }: PhoneShape, from = 0, at = 0): boolean {
  const a = sizes[from]!;
  const b = from + 1 < groups ? sizes[from + 1]! : 0;
  const c = from + 2 < groups ? sizes[from + 2]! : 0;
  if (a === 4 && b <= 2 && c <= 2) {
    const century = two(digits, at);
    return (century === 18 || century === 19 || century === 20 || century === 21) && value(digits, at + 4, b) <= 12;
  }
  if (a > 2 || b > 2 || c !== 4) return false;
  const century = two(digits, at + a + b);
  return value(digits, at, a) <= 31 && value(digits, at + a, b) <= 31 && (century === 19 || century === 20);
}

function two(digits: Uint8Array, at: number): number {
  return digits[at]! * 10 + digits[at + 1]!;
}

/** The number that at most two digits make. */
function value(digits: Uint8Array, at: number, length: number): number {
  return length === 0 ? 0 : length === 1 ? digits[at]! : two(digits, at);
}

function isYear(digits: Uint8Array, at: number): boolean {
  const century = two(digits, at);
  return century === 19 || century === 20;
}

/** True when every group from one on has at least two digits. */
function wide({ sizes, groups }: PhoneShape, from: number): boolean {
  for (let index = from; index < groups; index++) if (sizes[index]! < 2) return false;
  return true;
}

/** Score of a national number by the ways in which countries write them; 0 for none. */
function national(shape: PhoneShape): number {
  const { digits, sizes, groups, layout, parentheses, spaces, crowded, length } = shape;
  // Mobile telephones of Argentina, dialled from another area.
  if (layout === 0x3244 && digits[0] === 0) return shape.says === 'other' ? 0 : 0.6;
  if (length < 7 || length > 12) return 0;
  const first = digits[0]!;
  if (layout === 0x334) {
    if (parentheses) return 0.8;
    if (!spaces) return !isNanp(shape) && shape.says === 'other' ? 0 : 0.75;
    // Area codes with a trunk zero, from Johannesburg to Auckland, come in the same groups.
    if ((isNanp(shape) || (first === 0 && digits[1]! > 0)) && !crowded) return shape.says === 'other' ? 0 : 0.65;
    return shape.says === 'phone' ? 0.65 : 0;
  }
  if (first === 1 && (layout === 0x1334 || layout === 0x137))
    return spaces && shape.says !== 'phone' ? (crowded ? 0 : 0.6) : 0.8;
  if (parentheses && length >= 8) return 0.7;
  if (groups === 1) {
    const mobile = first >= 6 || (first === 0 && digits[1]! > 0);
    const likely = length === 10 ? isNanp(shape) || mobile : length === 11 && isLong(digits);
    if (crowded || !likely) return shape.says === 'phone' ? (likely ? 0.85 : 0.6) : 0;
    const { says } = shape;
    return says === 'other' ? 0 : says === 'phone' ? 0.85 : length === 10 ? 0.5 : 0.55;
  }
  // Social security numbers come in these groups, also those that were never assigned.
  if (layout === 0x324) return first === 0 && shape.says === 'phone' ? 0.8 : 0;
  const alone = alonePlausible(shape);
  if (alone > 0 && !crowded) {
    const { says } = shape;
    return says === 'other' ? 0 : says === 'phone' && length === 9 ? 0.8 : alone;
  }
  if (shape.says !== 'phone') return 0;
  if (alone > 0) return length === 9 && first > 0 ? 0.8 : alone;
  if (length === 9 && (layout === 0x333 || layout === 0x3222 || layout === 0x2322)) return 0.8;
  if (layout === 0x34) return 0.6;
  if (shape.decimal || crowded || sizes[0]! < 2 || !wide(shape, 1)) return 0;
  const years = length === 8 && isYear(digits, 0) && isYear(digits, 4);
  return years || holdsDate(shape) ? 0 : 0.55;
}

/** Eleven digits in one group: with a trunk zero, with the 1 of North America or a mobile prefix of China, with the 8 of Russia. */
function isLong(digits: Uint8Array): boolean {
  const [first, second] = [digits[0]!, digits[1]!];
  if (first === 1) return (second >= 2 && digits[4]! >= 2) || (second >= 3 && second !== 4);
  return first === 0 ? second > 0 : first === 8 && second === 9;
}

/** Score of a national number of several groups that no word has to speak for. */
function alonePlausible(shape: PhoneShape): number {
  const { digits, sizes, layout, length } = shape;
  const first = digits[0]!;
  const size = sizes[0]!;
  // Addresses of hosts with leading zeros, bytes, postal codes.
  if (layout === 0x3333 || layout === 0x222222 || layout === 0x54) return 0;
  if (first === 0 && digits[1]! > 0 && length >= 9 && size >= 2 && size <= 6 && wide(shape, 1))
    return holdsDate(shape) ? 0 : 0.7;
  switch (layout) {
    case 0x333:
    case 0x3222:
      return first >= 4 ? 0.5 : 0;
    case 0x2322:
      return first >= 1 ? 0.5 : 0;
    case 0x13322:
      return first === 8 && digits[1]! >= 3 ? 0.65 : 0;
    case 0x55:
      return first >= 6 ? 0.65 : 0;
    case 0x344:
      return first === 1 ? 0.65 : 0;
    case 0x254:
      return digits[2] === 9 ? 0.6 : 0;
    case 0x244:
      return first >= 1 ? 0.5 : 0;
    case 0x37:
      return first === 3 ? 0.55 : 0;
    case 0x433:
      return first === 1 && (digits[1] === 3 || digits[1] === 8) && digits[2] === 0 && digits[3] === 0 ? 0.6 : 0;
    default:
      return 0;
  }
}

function holdsDate(shape: PhoneShape): boolean {
  let at = 0;
  for (let index = 0; index + 2 < shape.groups; index++) {
    if (isDate(shape, index, at)) return true;
    at += shape.sizes[index]!;
  }
  return false;
}

/** Score of a stretch of digits as a telephone number; 0 when it is none. */
export function phoneScore(shape: PhoneShape): number {
  const { digits, length, plus, groups } = shape;
  if (shape.oneDigit) return 0;
  if (plus) {
    if (digits[0] === 0) return 0;
    return isInternational(digits, 0, length, false) ? 1 : isInternational(digits, 0, length, true) ? 0.55 : 0;
  }
  if (isDate(shape)) return 0;
  if (digits[0]! > 0) return national(shape);
  const zeros = digits[1] === 0;
  const abroad = zeros ? 2 : 3;
  // `0.043531966` and `0-04-761849-3` begin with no prefix for abroad.
  const together = groups === 1 || shape.sizes[0]! > 1;
  const prefix = together && (zeros || (digits[1] === 1 && digits[2] === 1)) && digits[abroad]! > 0;
  if (prefix && (zeros || groups > 1 || shape.says === 'phone')) {
    const fits =
      isInternational(digits, abroad, length, false) && !(shape.spaces && shape.crowded) && !holdsDate(shape);
    if (fits && shape.says !== 'other') return groups > 1 ? 0.8 : 0.6;
  }
  if (!zeros) return national(shape);
  return shape.says === 'phone' && together && length >= 8 && length <= MAX_LABELLED && !holdsDate(shape) ? 0.55 : 0;
}
