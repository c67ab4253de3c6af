import { MEAN_BINS, MEAN_UNITS } from '@guardspan/policy';
import type { DriftTest, EvidenceTest, LatencyTest, MeanTest, RateGapTest, RateTest } from '@guardspan/policy';
import type { CellRows } from '../count/cells/cell-counts.js';
import { byStratum, columnSums, pairOf, rateCounts } from './cells.js';
import type { RateCounts } from './cells.js';
import { meanLimit } from './mean-judge.js';
import { rateLimit } from './rate-judge.js';
import { shareBounds } from './share-bets.js';

/** What a series has counted in a number of buckets. */
export interface Counted {
  totals: CellRows;
  arm: CellRows;
  /** At least 1. */
  buckets: number;
}

/** A breach of growing size in buckets as large as those that were counted, with expected counts in the place of drawn ones. */
export interface Breaches {
  /** The group that falls behind; empty for tests without groups. */
  group: string;
  /** Calls of that group, or of the series. */
  calls: number;
  /** What is allowed, in the unit of {@link Breaches.value}: a share (0..1), a mean in its own unit, or the part of calls that may move (0). */
  allowed: number;
  /** The value at a size from 0 (just allowed) to 1 (as bad as can be). */
  value(size: number): number;
  /** A bucket at that size; null: one in which all is well. */
  bucket(size: number | null): CellRows;
  /** The bucket of the concurrent arm. */
  arm: CellRows;
}

const NONE: CellRows = { rows: [], categories: [], units: 0, parts: [] };

/** The breaches that a test is for, or undefined where none can be made of the counts: no calls, one group only, or an association, which has too many kinds. */
export function breachesOf(test: EvidenceTest, counted: Counted): Breaches | undefined {
  switch (test.type) {
    case 'rate':
    case 'latency':
      return ofShare(test, counted);
    case 'mean':
      return ofMean(test, counted);
    case 'rateGap':
      return ofGap(test, counted);
    case 'drift':
      return ofDrift(test, counted);
    case 'association':
      return undefined;
  }
}

function bucketOf(s: number, n: number, stratum = '', group = ''): CellRows['rows'][number] {
  return [stratum, group, [n - s, s]];
}

/** From what is allowed to the end of the scale. */
function between(allowed: number, end: number): (size: number) => number {
  return (size) => allowed + size * (end - allowed);
}

function ofShare(test: RateTest | LatencyTest, { totals, arm, buckets }: Counted): Breaches | undefined {
  const own = rateCounts(totals);
  const other = rateCounts(arm);
  if (own.n === 0 || (test.against !== null && other.n === 0)) return undefined;
  const up = test.direction === 'up';
  const factor = up ? 1 + test.tolerance : 1 - test.tolerance;
  const beside = other.s / other.n;
  const allowed = Math.min(1, test.against === null ? rateLimit(test) : factor * beside);
  const value = between(allowed, up ? 1 : 0);
  const seen = own.s / own.n;
  const well = up ? Math.min(allowed, seen) : Math.max(allowed, seen);
  const n = own.n / buckets;
  return {
    group: '',
    calls: own.n,
    allowed,
    value,
    bucket: (size) => ({ ...NONE, rows: [bucketOf(n * (size === null ? well : value(size)), n)] }),
    arm: test.against === null ? NONE : { ...NONE, rows: [bucketOf(other.s / buckets, other.n / buckets)] },
  };
}

interface MeanCounts {
  /** Scaled to [0, 1]. */
  mean: number;
  n: number;
  histogram: number[];
}

function meanOf(cells: CellRows): MeanCounts {
  const histogram = columnSums(cells, MEAN_BINS);
  const n = histogram.reduce((sum, count) => sum + count, 0);
  return { mean: cells.units / MEAN_UNITS / n, n, histogram };
}

function ofMean(test: MeanTest, { totals, arm, buckets }: Counted): Breaches | undefined {
  const own = meanOf(totals);
  const other = meanOf(arm);
  if (own.n === 0 || (test.against !== null && other.n === 0)) return undefined;
  const [low, high] = test.range;
  const real = (x: number): number => low + x * (high - low);
  const up = test.direction === 'up';
  const factor = up ? 1 + test.tolerance : 1 - test.tolerance;
  const limit = test.against === null ? meanLimit(test) : factor * real(other.mean);
  const allowed = Math.min(1, Math.max(0, (limit - low) / (high - low)));
  const scaled = between(allowed, up ? 1 : 0);
  const well = up ? Math.min(allowed, own.mean) : Math.max(allowed, own.mean);
  // The values that were seen, and so many at one end of the range that the mean is right.
  const at = ({ mean, n, histogram }: MeanCounts, wanted: number, calls: number): CellRows => {
    const end = wanted > mean ? 1 : 0;
    const moved = wanted === mean ? 0 : (wanted - mean) / (end - mean);
    const row = histogram.map((count) => ((1 - moved) * count * calls) / n);
    row[end === 1 ? MEAN_BINS - 1 : 0]! += moved * calls;
    return { ...NONE, rows: [['', '', row]], units: wanted * calls * MEAN_UNITS };
  };
  return {
    group: '',
    calls: own.n,
    allowed: real(allowed),
    value: (size) => real(scaled(size)),
    bucket: (size) => at(own, size === null ? well : scaled(size), own.n / buckets),
    arm: test.against === null ? NONE : at(other, other.mean, other.n / buckets),
  };
}

/** The group that is furthest behind in the counts falls behind further, in every stratum. */
function ofGap(test: RateGapTest, { totals, buckets }: Counted): Breaches | undefined {
  const { ratio, margin, reference } = test;
  const strata = byStratum(totals);
  const sums = new Map<string, RateCounts>();
  for (const groups of strata.values()) {
    for (const [name, { s, n }] of groups) {
      const known = sums.get(name) ?? { s: 0, n: 0 };
      sums.set(name, { s: known.s + s, n: known.n + n });
    }
  }
  if (sums.size < 2 || (reference !== '' && !sums.has(reference))) return undefined;
  const behind = [...sums.keys()]
    .filter((name) => name !== reference)
    .map((name) => {
      const { sa, na, sb, nb } = pairOf(sums, reference, name);
      return { name, pair: { sa, na, sb, nb }, short: ratio * (sa / na) - margin - sb / nb };
    })
    .sort((x, y) => y.short - x.short || (x.name < y.name ? -1 : 1))[0]!;
  const { sa, na, nb } = behind.pair;
  const allowed = Math.max(0, ratio * (sa / na) - margin);
  if (allowed === 0) return undefined;
  const value = between(allowed, 0);
  return {
    group: behind.name,
    calls: nb,
    allowed,
    value,
    bucket(size) {
      const rows: CellRows['rows'] = [];
      for (const [stratum, groups] of strata) {
        for (const [name, { s, n }] of groups) {
          if (name !== behind.name) rows.push(bucketOf(s / buckets, n / buckets, stratum, name));
          else {
            const others = pairOf(groups, reference, name);
            const level = others.na === 0 ? sa / na : others.sa / others.na;
            const part = size === null ? level : Math.max(0, ratio * level - margin) * (1 - size);
            rows.push(bucketOf((part * n) / buckets, n / buckets, stratum, name));
          }
        }
      }
      return { ...NONE, rows };
    },
    arm: NONE,
  };
}

/** Calls move from the largest bin of the reference to the second, where they show least. */
function ofDrift({ baseline, tolerance }: DriftTest, { totals, buckets }: Counted): Breaches | undefined {
  const { counts, edges, categories } = baseline;
  const n = totals.rows.reduce((sum, [, , row]) => sum + row.reduce((all, count) => all + count, 0), 0);
  if (n === 0 || counts.length < 2) return undefined;
  const { center } = shareBounds(counts, tolerance);
  const total = center.reduce((sum, share) => sum + share, 0);
  const shares = center.map((share) => share / total);
  if (shares.length < 2) return undefined;
  const order = shares.map((_, b) => b).sort((a, b) => shares[b]! - shares[a]! || a - b);
  const [from, to] = [order[0]!, order[1]!];
  const value = (size: number): number => size * shares[from]!;
  return {
    group: '',
    calls: n,
    allowed: 0,
    value,
    bucket(size) {
      const moved = size === null ? 0 : value(size);
      const row = shares.map((share, b) => ((share + (b === to ? moved : b === from ? -moved : 0)) * n) / buckets);
      return { ...NONE, rows: [['', '', row]], categories: edges.length > 0 ? [] : [...categories] };
    },
    arm: NONE,
  };
}
