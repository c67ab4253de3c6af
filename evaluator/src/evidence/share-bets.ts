import type { EvidenceMode } from '@guardspan/policy';
import type { Accumulation } from './detector.js';
import { accumulate, beginning } from './detector.js';
import { RateBets } from './rate-bets.js';
import type { RateState } from './rate-bets.js';
import { lowerRateBound, upperRateBound } from './rate-bound.js';
import { logMeanExp } from './special.js';

/** Bounds of the share of each bin under H0. */
export interface ShareBounds {
  lower: readonly number[];
  upper: readonly number[];
  /** Shares of the reference, smoothed so that none is 0. */
  center: readonly number[];
}

/** Log-evidence of the whole distribution (`iid`), or of each bin's share being too large and too small (`robust`); JSON. */
export interface ShareState {
  /** Discounted counts by bin, from which the alternative is learned (`iid`). */
  learned: readonly number[];
  whole: number;
  large: readonly RateState[];
  small: readonly RateState[];
}

/** Share of error that is left to the reference: its bounds hold together with this probability less one. */
const REFERENCE_ALPHA = 0.01;
const DECAY = 0.9;
/** The alternative begins as if so many calls of the reference had been seen. */
const PRIOR = 50;

/** Bounds of each share from frozen counts: their own confidence bounds, which hold together, widened by what may change. */
export function shareBounds(counts: readonly number[], tolerance: number): ShareBounds {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const level = REFERENCE_ALPHA / counts.length / 2;
  return {
    lower: counts.map((count) => Math.max(0, lowerRateBound(count, n, level) - tolerance)),
    upper: counts.map((count) => Math.min(1, upperRateBound(count, n, level) + tolerance)),
    center: counts.map((count) => (count + 0.5) / (n + counts.length / 2)),
  };
}

/**
 * Evidence that a distribution has left its reference: H0 is that every bin's share lies in its bounds. `iid`: likelihood ratio of the learned distribution
 * to its projection onto the bounds; `robust`: bets on the shares of each bucket, one bin against the rest.
 */
export class ShareBets {
  readonly #bets: RateBets;

  constructor(
    private readonly mode: EvidenceMode,
    private readonly kind: Accumulation,
    private readonly bounds: ShareBounds,
  ) {
    this.#bets = new RateBets('robust', kind);
  }

  initial(): ShareState {
    const bins = this.bounds.center.map(() => this.#bets.initial());
    return {
      learned: this.bounds.center.map((share) => share * PRIOR),
      whole: beginning(this.kind),
      large: this.mode === 'robust' ? bins : [],
      small: this.mode === 'robust' ? bins : [],
    };
  }

  step(state: ShareState, counts: readonly number[]): ShareState {
    const n = counts.reduce((sum, count) => sum + count, 0);
    if (n === 0) return state;
    const { lower, upper } = this.bounds;
    if (this.mode === 'robust') {
      return {
        ...state,
        large: state.large.map((bin, b) => (upper[b]! < 1 ? this.#bets.step(bin, counts[b]! / n, n, upper[b]!) : bin)),
        small: state.small.map((bin, b) =>
          lower[b]! > 0 ? this.#bets.step(bin, 1 - counts[b]! / n, n, 1 - lower[b]!) : bin,
        ),
      };
    }
    const learned = state.learned.reduce((sum, count) => sum + count, 0);
    const q = state.learned.map((count) => count / learned);
    const nearest = projectShares(q, lower, upper);
    let increment = 0;
    for (let b = 0; b < q.length; b++) if (counts[b]! > 0) increment += counts[b]! * Math.log(q[b]! / nearest[b]!);
    return {
      ...state,
      learned: state.learned.map(
        (count, b) => DECAY * count + counts[b]! + (1 - DECAY) * this.bounds.center[b]! * PRIOR,
      ),
      whole: accumulate(this.kind, state.whole, increment),
    };
  }

  evidence(state: ShareState): number {
    if (this.mode === 'iid') return state.whole;
    return logMeanExp([...state.large, ...state.small].map((bin) => this.#bets.evidence(bin)));
  }
}

/** The distribution within the bounds that is nearest to `q` in KL(q‖·): q/ν clipped to the bounds, with the ν at which it sums to 1. */
export function projectShares(q: readonly number[], lower: readonly number[], upper: readonly number[]): number[] {
  const clipped = (nu: number): number[] => q.map((share, b) => Math.min(Math.max(share / nu, lower[b]!), upper[b]!));
  const sum = (shares: readonly number[]): number => shares.reduce((total, share) => total + share, 0);
  let low = 1e-9;
  let high = 1e9;
  for (let step = 0; step < 100; step++) {
    const middle = Math.sqrt(low * high);
    if (sum(clipped(middle)) > 1) low = middle;
    else high = middle;
  }
  return clipped(Math.sqrt(low * high)).map((share) => Math.max(share, 1e-12));
}
