import type { CellRows } from '../count/cells/cell-counts.js';
import type { Pair } from './gap-bets.js';

/** Events and trials. */
export interface RateCounts {
  s: number;
  n: number;
}

/** Events (column 1) and trials of all rows. */
export function rateCounts({ rows }: CellRows): RateCounts {
  let [s, n] = [0, 0];
  for (const [, , counts] of rows) {
    s += counts[1] ?? 0;
    n += (counts[0] ?? 0) + (counts[1] ?? 0);
  }
  return { s, n };
}

/** Counts by column over all rows, at least `length` long. */
export function columnSums({ rows }: CellRows, length: number): number[] {
  const sums = new Array<number>(length).fill(0);
  for (const [, , counts] of rows) counts.forEach((count, column) => (sums[column] = (sums[column] ?? 0) + count));
  return sums;
}

/** By stratum, the events and trials of each group. */
export function byStratum({ rows }: CellRows): Map<string, Map<string, RateCounts>> {
  const strata = new Map<string, Map<string, RateCounts>>();
  for (const [stratum, group, counts] of rows) {
    let groups = strata.get(stratum);
    if (groups === undefined) strata.set(stratum, (groups = new Map<string, RateCounts>()));
    const known = groups.get(group) ?? { s: 0, n: 0 };
    groups.set(group, { s: known.s + (counts[1] ?? 0), n: known.n + (counts[0] ?? 0) + (counts[1] ?? 0) });
  }
  return strata;
}

/** Group `b` against `a`; with an empty `a`, against all others together. */
export function pairOf(groups: ReadonlyMap<string, RateCounts>, a: string, b: string): Pair {
  const own = groups.get(b) ?? { s: 0, n: 0 };
  if (a !== '') {
    const other = groups.get(a) ?? { s: 0, n: 0 };
    return { sa: other.s, na: other.n, sb: own.s, nb: own.n };
  }
  let [sa, na] = [0, 0];
  for (const [group, counts] of groups) {
    if (group === b) continue;
    sa += counts.s;
    na += counts.n;
  }
  return { sa, na, sb: own.s, nb: own.n };
}
