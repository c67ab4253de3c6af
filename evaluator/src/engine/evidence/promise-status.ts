import type { CompiledEvidence, Evidence } from '@guardspan/policy';
import type { CellRows } from '../../count/cells/cell-counts.js';
import type { EvidenceSeries } from './evidence-series.js';
import { addDispersion, initialDispersion, measuresDispersion, refusesIid, type DispersionSums } from './dispersion.js';
import { callsOf } from './evidence-series.js';
import type { PromiseReason, PromiseStatus } from './report.js';

/** Sums over closed buckets from which the conditions of a promise are judged; JSON. */
export interface Checks {
  /** Buckets with at least one call, and those with exactly one. */
  buckets: number;
  single: number;
  /** Calls, each weighed by the share that was allowed in its bucket when that differs by bucket, and events. */
  n: number;
  s: number;
  /** What over-dispersion is measured from; empty for tests that do not measure it. */
  dispersion: DispersionSums;
  /** Standardised rate of the last bucket, sums of products of neighbours and of squares, number of neighbours. */
  last: number;
  products: number;
  squares: number;
  pairs: number;
  sampled: number;
}

/** Buckets from which on bursts and single values are judged. */
const MIN_BUCKETS = 30;

/** Checks of a series that has seen nothing. */
export function initialChecks(): Checks {
  return {
    buckets: 0,
    single: 0,
    n: 0,
    s: 0,
    dispersion: initialDispersion(),
    last: NaN,
    products: 0,
    squares: 0,
    pairs: 0,
    sampled: 0,
  };
}

/**
 * Takes a closed bucket into the checks; `dispersion` says whether over-dispersion is measured. `weight` is what was allowed in it, in any unit: so that a season
 * that the baseline knows does not look like bursts. Pure.
 */
export function checkBucket(before: Checks, cells: CellRows, dispersion: boolean, weight = 1): Checks {
  const n = callsOf(cells);
  if (n === 0) return before;
  const s = cells.rows.reduce((sum, [, , counts]) => sum + (counts[1] ?? 0), 0);
  const p = before.n === 0 ? NaN : (before.s / before.n) * weight;
  const z = p > 0 && p < 1 ? (s - n * p) / Math.sqrt(n * p * (1 - p)) : NaN;
  const pair = !Number.isNaN(z) && !Number.isNaN(before.last);
  return {
    buckets: before.buckets + 1,
    single: before.single + (n === 1 ? 1 : 0),
    n: before.n + n * weight,
    s: before.s + s,
    dispersion: dispersion ? addDispersion(before.dispersion, cells) : before.dispersion,
    last: z,
    products: before.products + (pair ? z * before.last : 0),
    squares: before.squares + (pair ? z * z : 0),
    pairs: before.pairs + (pair ? 1 : 0),
    sampled: before.sampled,
  };
}

/** Whether the promise of a series holds, and why not. `spent` says that its baseline may move no further. */
export function promiseStatus(
  series: EvidenceSeries,
  { evidence, over }: Pick<CompiledEvidence, 'evidence' | 'over'>,
  facts: { joined: number; lost: number },
  spent = false,
): PromiseStatus {
  const reasons: PromiseReason[] = [];
  const { checks, calm } = series;
  const { test } = evidence;
  const rate = test.type === 'rate' || test.type === 'latency';
  if (measuresDispersion(evidence) && refusesIid(checks.dispersion)) reasons.push('dispersion');
  // Neighbouring buckets that are alike: bursts outlast a bucket.
  const alike = calm.pairs >= MIN_BUCKETS && calm.products / calm.squares > 3 / Math.sqrt(calm.pairs);
  if (rate && alike) reasons.push('burst');
  if (series.late > 0.01 * series.total) reasons.push('late');
  if (checks.sampled > 0) reasons.push('sampled');
  if (facts.lost > 0.01 * (facts.joined + facts.lost)) reasons.push('missing_facts');
  const baseline = 'baseline' in test ? test.baseline : null;
  if (baseline !== null && !belongs(baseline, series, over.groupBy)) reasons.push('other_baseline');
  if (spent) reasons.push('baseline_spent');
  if (hasSingleValues(checks)) reasons.push('one_value_per_bucket');
  return { status: reasons.length === 0 ? 'kept' : 'not_guaranteed', reasons };
}

/** True when nearly every bucket of a series holds one value. */
function hasSingleValues({ buckets, single }: Checks): boolean {
  return buckets >= MIN_BUCKETS && single >= 0.95 * buckets;
}

/** True for a series of numbers, one in each bucket, such as a metric that was aggregated: its neighbours depend on each other, so a test does not act on it. */
export function isAdvisory({ checks }: EvidenceSeries, { test }: Pick<Evidence, 'test'>): boolean {
  return test.type === 'mean' && hasSingleValues(checks);
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
