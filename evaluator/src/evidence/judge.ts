import type { CellRows } from '../count/cells/cell-counts.js';
import type { Moment, ReferenceReport } from './rate-reference.js';

/** How far numbers have moved on average from a reference, in the unit of the field. */
export interface Distance {
  value: number;
  lower: number;
  upper: number;
  /** Between the quartiles of the reference: what the distance is large or small against. 0 when they share a bin. */
  iqr: number;
}

/** An estimate of how far a series is from what its guard-rail allows, with a confidence sequence that holds at every moment. */
export interface Effect {
  /** What is estimated: `rate`, `mean`, `ratio`, `psi`, `mutual_information`. */
  name: string;
  value: number;
  lower: number;
  upper: number;
  /** The value at which the guard-rail begins to be broken. */
  limit: number;
  /** True when values above the limit are the breach, false when values below it are. */
  above: boolean;
  /** Beside `psi`, when the field is a number with two edges or more: mean distance from the reference (Wasserstein-1). */
  wasserstein?: Distance;
}

/** Log-evidence of one series from closed buckets: pure, and its state is JSON. */
export interface Judge<State = unknown> {
  /** The state before the first bucket. */
  initial(): State;
  /** The state after a closed bucket. `arm` holds the bucket of the concurrent arm when there is one; `moment` matters to baselines with a season or a window. */
  step(state: State, bucket: CellRows, arm: CellRows, moment?: Moment): State;
  /** The state from which evidence begins anew: what a baseline has learned stays. Absent: the initial one. */
  renew?(state: State): State;
  /** Log-evidence, nats; -Infinity before the first bucket (0 for one test of a fixed level). */
  evidence(state: State): number;
  /** Of a judge that takes calls for independent and knows better ({@link securedJudge}): evidence that holds whatever their dependence, nats. */
  robustly?(state: State): number;
  /** What a bucket added, nats: from the evidence before it and after it. */
  gain(before: number, after: number): number;
  /** Effect in these totals (sums over buckets); undefined while there is nothing to estimate it from. Without `state` the limit is that of the frozen baseline. */
  effect(totals: CellRows, arm: CellRows, state?: State): Effect | undefined;
  /** The baseline in force, when the limit may differ from bucket to bucket. */
  reference?(state: State): ReferenceReport;
  /**
   * Nats that one more call is expected to add if things go on as in these totals: the distance of the estimate from the limit (KL). 0 when the estimate
   * respects the limit. What is still needed to decide is (threshold - evidence) / information.
   */
  information(totals: CellRows, arm: CellRows, state?: State): number;
  /** Buckets whose groups are too small are joined with the next ones until this holds; a rule on sizes only. */
  whole(bucket: CellRows): boolean;
}

/** Level of the confidence sequences that stand beside estimates. */
export const EFFECT_ALPHA = 0.05;
