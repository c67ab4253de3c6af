import { codeAt } from './boundary.js';
import type { Subject } from './subject.js';

/** Nobody has looked; not one and the same separator; no separator. */
export const UNKNOWN = -2;
export const MIXED = -1;
export const NONE = 0;

/** {@link separatorBit} of the separator that stands between all groups from one to another. */
export function separatorOf({ units, groupStart, groupEnd }: Subject, first: number, last: number): number {
  if (first === last) return NONE;
  const at = groupEnd[first]!;
  const separator = codeAt(units, at);
  const width = groupStart[first + 1]! - at;
  const second = width === 1 ? 0 : codeAt(units, at + 1);
  for (let group = first + 1; group < last; group++) {
    const end = groupEnd[group]!;
    if (groupStart[group + 1]! - end !== width || codeAt(units, end) !== separator) return MIXED;
    if (width > 1 && codeAt(units, end + 1) !== second) return MIXED;
    if (width === MAX_GAP && codeAt(units, end + 2) !== SPACE) return MIXED;
  }
  if (width === 1) return separatorBit(separator);
  const spaces = width === 2 && second === SPACE;
  const dash = width === 3 && second === DASH && codeAt(units, at + 2) === SPACE;
  return separator === SPACE && (spaces || dash) ? WIDE : FOREIGN;
}

/** Characters that separate groups of numbers in layouts. */
const SEPARATORS = ' -./\u00a0\u202f\u2010\u2011\u2012\u2013';
/** What no detector takes for a separator. */
const FOREIGN = 1 << SEPARATORS.length;
/** Separators of {@link EntityDetector.wide}, which are at most so long. */
export const WIDE = FOREIGN << 1;
export const MAX_GAP = 3;
const SPACE = 32;
const DASH = 45;

/** One bit for each separator, so that many detectors are asked with one operation each. */
export function separatorBit(code: number): number {
  if (code === SPACE) return 1;
  if (code === DASH) return 2;
  const index = SEPARATORS.indexOf(String.fromCharCode(code));
  return index === -1 ? FOREIGN : 1 << index;
}
