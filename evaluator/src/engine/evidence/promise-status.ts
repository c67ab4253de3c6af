import type { CompiledEvidence } from '@guardspan/policy';
import type { CellRows } from '../../count/cells/cell-counts.js';
import type { EvidenceSeries } from './evidence-series.js';
import { callsOf } from './evidence-series.js';
import type { PromiseReason, PromiseStatus } from './report.js';

/** Sums over closed buckets from which the conditions of a promise are judged; JSON. */
export interface Checks {
  /** Buckets with at least one call, and those with exactly one. */
  buckets: number;
  single: number;
  /** Calls, events, and sum of events² / calls by bucket. */
  n: number;
  s: number;
  ssn: number;
  /** Standardised rate of the last bucket, sums of products of neighbours and of squares, number of neighbours. */
  last: number;
  products: number;
  squares: number;
  pairs: number;
  sampled: number;
}

/** Buckets from which on dispersion and bursts are judged. */
const MIN_BUCKETS = 30;

/** Checks of a series that has seen nothing. */
export function initialChecks(): Checks {
  return { buckets: 0, single: 0, n: 0, s: 0, ssn: 0, last: NaN, products: 0, squares: 0, pairs: 0, sampled: 0 };
}

/** Takes a closed bucket into the checks. Pure. */
export function checkBucket(before: Checks, cells: CellRows): Checks {
  const n = callsOf(cells);
  if (n === 0) return before;
  const s = cells.rows.reduce((sum, [, , counts]) => sum + (counts[1] ?? 0), 0);
  const p = before.n === 0 ? NaN : before.s / before.n;
  const z = p > 0 && p < 1 ? (s - n * p) / Math.sqrt(n * p * (1 - p)) : NaN;
  const pair = !Number.isNaN(z) && !Number.isNaN(before.last);
  return {
    buckets: before.buckets + 1,
    single: before.single + (n === 1 ? 1 : 0),
    n: before.n + n,
    s: before.s + s,
    ssn: before.ssn + (s * s) / n,
    last: z,
    products: before.products + (pair ? z * before.last : 0),
    squares: before.squares + (pair ? z * z : 0),
    pairs: before.pairs + (pair ? 1 : 0),
    sampled: before.sampled,
  };
}

/**
 * Over-dispersion of the buckets of a rate, and the bound beyond which calls inside a bucket are not independent: φ > 1 + 3·sqrt(2/(K-1)).
 * NaN before there are 30 buckets.
 */
export function dispersion({ buckets, n, s, ssn }: Checks): { phi: number; bound: number } {
  const p = n === 0 ? NaN : s / n;
  if (buckets < MIN_BUCKETS || !(p > 0 && p < 1)) return { phi: NaN, bound: NaN };
  const phi = (ssn - 2 * p * s + p * p * n) / (p * (1 - p)) / (buckets - 1);
  return { phi, bound: 1 + 3 * Math.sqrt(2 / (buckets - 1)) };
}

/** Whether the promise of a series holds, and why not. */
export function promiseStatus(
  series: EvidenceSeries,
  { evidence, over }: Pick<CompiledEvidence, 'evidence' | 'over'>,
  facts: { joined: number; lost: number },
): PromiseStatus {
  const reasons: PromiseReason[] = [];
  const { checks, calm } = series;
  const { test, mode } = evidence;
  const rate = test.type === 'rate' || test.type === 'latency';
  const { phi, bound } = dispersion(calm);
  if (rate && mode === 'iid' && phi > bound) reasons.push('dispersion');
  // Neighbouring buckets that are alike: bursts outlast a bucket.
  const alike = calm.pairs >= MIN_BUCKETS && calm.products / calm.squares > 3 / Math.sqrt(calm.pairs);
  if (rate && alike) reasons.push('burst');
  if (series.late > 0.01 * series.total) reasons.push('late');
  if (checks.sampled > 0) reasons.push('sampled');
  if (facts.lost > 0.01 * (facts.joined + facts.lost)) reasons.push('missing_facts');
  const baseline = 'baseline' in test ? test.baseline : null;
  if (baseline !== null && !belongs(baseline, series, over.groupBy)) reasons.push('other_baseline');
  if (checks.buckets >= MIN_BUCKETS && checks.single >= 0.95 * checks.buckets) reasons.push('one_value_per_bucket');
  return { status: reasons.length === 0 ? 'kept' : 'not_guaranteed', reasons };
}

/** A baseline belongs to a version of a model and a view of its features. */
function belongs(
  baseline: { model: string; version: string; featureView: string },
  { values }: EvidenceSeries,
  groupBy: readonly string[],
): boolean {
  const fits = (field: string, wanted: string): boolean => {
    const at = groupBy.indexOf(field);
    return wanted === '' || at < 0 || values[at] === wanted;
  };
  return (
    fits('model', baseline.model) &&
    fits('model_version', baseline.version) &&
    fits('feature_view', baseline.featureView)
  );
}
