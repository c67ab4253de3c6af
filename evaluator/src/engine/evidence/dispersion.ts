import type { Evidence } from '@guardspan/policy';
import type { CellRows } from '../../count/cells/cell-counts.js';

/** Sums over pairs of neighbouring buckets of the same rate; JSON. */
export interface PairSums {
  pairs: number;
  /** Sum of the squared standardised differences, and of their variances for independent calls. */
  squares: number;
  variance: number;
}

/** Sums over all rates of a series (its whole, or each group in each stratum), and over those of each group; JSON. */
export interface DispersionSums extends PairSums {
  byGroup: Readonly<Record<string, PairSums>>;
  /** By rate, key `<stratum>\0<group>`: events and calls of a bucket that waits for its neighbour; null when none waits. */
  waiting: Readonly<Record<string, readonly [s: number, n: number] | null>>;
}

/** Squared standardised difference of two buckets, and its variance. */
interface PairOfBuckets {
  square: number;
  variance: number;
}

/** Over-dispersion of buckets, and the bound beyond which it is no chance. NaN while there are too few buckets. */
export interface Dispersion {
  /** 1 on average for independent calls, at most. */
  phi: number;
  bound: number;
}

/** Pairs from which on dispersion is judged: strong clusters bring `iid` to its threshold within some tens of buckets. */
const MIN_PAIRS = 5;
/** Rates that one series measures; groups and strata come from calls. */
const MAX_RATES = 64;
/** What one pair can say: a breach that begins between two buckets must not look like clusters in all of them. */
const MAX_SQUARE = 8;

const NO_PAIRS: PairSums = { pairs: 0, squares: 0, variance: 0 };

/** Sums of a series that has seen nothing. */
export function initialDispersion(): DispersionSums {
  return { ...NO_PAIRS, byGroup: {}, waiting: {} };
}

/** True for tests whose calls must be independent and whose counts can tell: `iid` of rates and of rates of groups. */
export function measuresDispersion({ test, mode }: Pick<Evidence, 'test' | 'mode'>): boolean {
  return mode === 'iid' && (test.type === 'rate' || test.type === 'latency' || test.type === 'rateGap');
}

/** Takes a closed bucket in. Pure. */
export function addDispersion(before: DispersionSums, { rows }: CellRows): DispersionSums {
  let all: PairSums = before;
  const byGroup = { ...before.byGroup };
  const waiting = { ...before.waiting };
  let rates = Object.keys(waiting).length;
  for (const [stratum, group, counts] of rows) {
    const s = counts[1] ?? 0;
    const n = (counts[0] ?? 0) + s;
    // One call has nothing to be alike with.
    if (n < 2) continue;
    const key = `${stratum}\0${group}`;
    const first = waiting[key];
    if (first === undefined && rates++ >= MAX_RATES) continue;
    waiting[key] = first ? null : [s, n];
    const difference = first ? differenceOf(first, [s, n]) : undefined;
    if (difference === undefined) continue;
    all = withPair(all, difference);
    byGroup[group] = withPair(byGroup[group] ?? NO_PAIRS, difference);
  }
  const { pairs, squares, variance } = all;
  return { pairs, squares, variance, byGroup, waiting };
}

function withPair(sums: PairSums, { square, variance }: PairOfBuckets): PairSums {
  return {
    pairs: sums.pairs + 1,
    squares: sums.squares + Math.min(MAX_SQUARE, square),
    variance: sums.variance + variance,
  };
}

/** The mean square φ, and three of its standard deviations above 1: a few more where it is one of `among`, of which the largest is looked at. */
export function dispersionOf({ pairs, squares, variance }: PairSums, among = 1): Dispersion {
  if (pairs < MIN_PAIRS) return { phi: NaN, bound: NaN };
  const deviations = Math.sqrt(9 + 2 * Math.log(among));
  return { phi: squares / pairs, bound: 1 + (deviations * Math.sqrt(variance)) / pairs };
}

/**
 * How many times as much as for independent calls the counts of buckets may vary, at most: the mean square and three of its standard deviations. Infinite while there are
 * too few buckets.
 */
export function mostDispersion({ pairs, squares, variance }: DispersionSums): number {
  if (pairs < MIN_PAIRS) return Infinity;
  return Math.max(1, squares / pairs) + (3 * Math.sqrt(variance)) / pairs;
}

/** True when `iid` may not be acted on: calls of a bucket are more alike than independent ones, in any group or over all of them. One group in clusters is lost in the mean of many that are calm. */
export function refusesIid(sums: DispersionSums): boolean {
  const groups = Object.values(sums.byGroup);
  return isOver(dispersionOf(sums)) || groups.some((group) => isOver(dispersionOf(group, groups.length)));
}

function isOver({ phi, bound }: Dispersion): boolean {
  return phi > bound;
}

/**
 * Squared standardised difference of two buckets, and its variance. For independent calls of one rate the events of the first bucket, given those of both, are
 * hypergeometric whatever the rate: the square has mean 1, and the variance follows from the kurtosis. Undefined when both have no events, or nothing else.
 */
function differenceOf(
  [s, n]: readonly [number, number],
  [other, others]: readonly [number, number],
): PairOfBuckets | undefined {
  const all = n + others;
  const events = s + other;
  const rest = all - events;
  if (events === 0 || rest === 0) return undefined;
  const product = n * others * events * rest;
  const square = (s - (n * events) / all) ** 2 / (product / (all * all * (all - 1)));
  const numerator =
    (all - 1) * all * all * (all * (all + 1) - 6 * events * rest - 6 * n * others) + 6 * product * (5 * all - 6);
  return { square, variance: Math.max(0, 2 + numerator / (product * (all - 2) * (all - 3))) };
}
