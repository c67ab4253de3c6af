import type { Evidence } from '@guardspan/policy';
import type { CellRows } from '../../count/cells/cell-counts.js';

/** Sums over pairs of neighbouring buckets of the same rate (a whole series, or one group in one stratum); JSON. */
export interface DispersionSums {
  pairs: number;
  /** Sum of the squared standardised differences, and of their variances for independent calls. */
  squares: number;
  variance: number;
  /** By rate, key `<stratum>\0<group>`: events and calls of a bucket that waits for its neighbour; null when none waits. */
  waiting: Readonly<Record<string, readonly [s: number, n: number] | null>>;
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

/** Sums of a series that has seen nothing. */
export function initialDispersion(): DispersionSums {
  return { pairs: 0, squares: 0, variance: 0, waiting: {} };
}

/** True for tests whose calls must be independent and whose counts can tell: `iid` of rates and of rates of groups. */
export function measuresDispersion({ test, mode }: Pick<Evidence, 'test' | 'mode'>): boolean {
  return mode === 'iid' && (test.type === 'rate' || test.type === 'latency' || test.type === 'rateGap');
}

/** Takes a closed bucket in. Pure. */
export function addDispersion(before: DispersionSums, { rows }: CellRows): DispersionSums {
  let { pairs, squares, variance } = before;
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
    pairs += 1;
    squares += Math.min(MAX_SQUARE, difference.square);
    variance += difference.variance;
  }
  return { pairs, squares, variance, waiting };
}

/** The mean square φ, and three of its standard deviations above 1. */
export function dispersionOf({ pairs, squares, variance }: DispersionSums): Dispersion {
  if (pairs < MIN_PAIRS) return { phi: NaN, bound: NaN };
  return { phi: squares / pairs, bound: 1 + (3 * Math.sqrt(variance)) / pairs };
}

/**
 * How many times as much as for independent calls the counts of buckets may vary, at most: the mean square and three of its standard deviations. Infinite while there are
 * too few buckets.
 */
export function mostDispersion({ pairs, squares, variance }: DispersionSums): number {
  if (pairs < MIN_PAIRS) return Infinity;
  return Math.max(1, squares / pairs) + (3 * Math.sqrt(variance)) / pairs;
}

/** True when `iid` may not be acted on: calls of a bucket are more alike than independent ones. */
export function refusesIid(sums: DispersionSums): boolean {
  const { phi, bound } = dispersionOf(sums);
  return phi > bound;
}

/**
 * Squared standardised difference of two buckets, and its variance. For independent calls of one rate the events of the first bucket, given those of both, are
 * hypergeometric whatever the rate: the square has mean 1, and the variance follows from the kurtosis. Undefined when both have no events, or nothing else.
 */
function differenceOf(
  [s, n]: readonly [number, number],
  [other, others]: readonly [number, number],
): { square: number; variance: number } | undefined {
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
