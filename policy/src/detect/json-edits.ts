import type { JsonUnit } from './json-units.js';

/** A stretch of code units to be replaced. */
export interface JsonEdit {
  start: number;
  end: number;
  /** JSON source. */
  replacement: string;
}

/** What stands between the values of JSON and is never part of one. */
const BETWEEN = /^[\s"{}[\]:,]$/;
const BARE = /^[^\s"{}[\]:,]$/;

/**
 * Replaces a stretch of decoded JSON so that the source stays valid: inside of a string the replacement is escaped, a number, `true` or `null` becomes a string as a
 * whole, and of a finding that lies across the borders of values each value is replaced and what stands between them is kept.
 */
export function jsonEdits(
  units: readonly JsonUnit[],
  { start, end, replacement }: JsonEdit,
  /** First unit that may still be changed. */
  from = 0,
): JsonEdit[] {
  const quoted = JSON.stringify(replacement);
  const edits: JsonEdit[] = [];
  for (let at = start; at < end;) {
    const unit = units[at]!;
    let until = at + 1;
    if (unit.inString) {
      while (until < end && units[until]!.inString) until++;
      edits.push({ start: at, end: until, replacement: quoted.slice(1, -1) });
    } else if (!BETWEEN.test(unit.raw)) {
      const isBare = (index: number): boolean => !units[index]!.inString && BARE.test(units[index]!.raw);
      let begin = at;
      while (begin > from && isBare(begin - 1)) begin--;
      while (until < units.length && isBare(until)) until++;
      edits.push({ start: begin, end: until, replacement: quoted });
    }
    at = until;
  }
  return edits;
}
