import type { EvidenceMode } from '@guardspan/policy';
import type { Accumulation } from './detector.js';
import { accumulate, beginning } from './detector.js';
import { logMeanExp } from './special.js';

/** Alternatives of `iid`: the odds of the limit times these. */
const ODDS = [1.25, 1.5, 2, 3, 5, 10, 20];
/** Bets of `robust`, as parts of the largest one that cannot lose more than everything. */
export const STAKES = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95];

/** Log-evidence by alternative. */
export type RateState = readonly number[];

/**
 * Evidence that the share of events is above a limit `p0`: H0 is that in each bucket, given the past, the expected share is at most `p0`
 * (docs/statistics.md). `robust` bets once on the bucket's average and is valid whatever the dependence inside the bucket; `iid` bets on each call.
 * A mean over alternatives of e-processes, so no alternative has to be chosen.
 */
export class RateBets {
  constructor(
    private readonly mode: EvidenceMode,
    private readonly kind: Accumulation,
  ) {}

  initial(): RateState {
    return STAKES.map(() => beginning(this.kind));
  }

  /** After a bucket with `n` trials whose average is `mean` (0..1); events are `mean * n`. `p0` may differ by bucket when it was known before. */
  step(state: RateState, mean: number, n: number, p0: number): RateState {
    if (n === 0) return state;
    const limit = Math.min(Math.max(p0, 1e-9), 1 - 1e-9);
    return state.map((before, j) => accumulate(this.kind, before, this.#increment(j, mean, n, limit)));
  }

  evidence(state: RateState): number {
    return logMeanExp(state);
  }

  #increment(j: number, mean: number, n: number, p0: number): number {
    if (this.mode === 'robust') return Math.log1p((STAKES[j]! / p0) * (mean - p0));
    const odds = ODDS[j]!;
    const p1 = (odds * p0) / (1 - p0 + odds * p0);
    const s = mean * n;
    return s * Math.log(p1 / p0) + (n - s) * Math.log((1 - p1) / (1 - p0));
  }
}
