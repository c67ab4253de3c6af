import type { EvidenceMode } from '@guardspan/policy';
import type { Accumulation } from './detector.js';
import { accumulate } from './detector.js';
import { RateBets } from './rate-bets.js';
import type { RateState } from './rate-bets.js';
import { logMeanExp } from './special.js';

const STAKES = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95];

/**
 * Evidence that the mean of values in [0, 1] is above `m`. `robust` bets on the bucket's mean (the same bet as for a rate); `iid` on each value, known by
 * its bin and taken at the bin's lower end, so that it can only lose by that (Waudby-Smith and Ramdas, arXiv 2010.09686).
 */
export class MeanBets {
  readonly #robust: RateBets;

  constructor(
    private readonly mode: EvidenceMode,
    private readonly kind: Accumulation,
  ) {
    this.#robust = new RateBets('robust', kind);
  }

  initial(): RateState {
    return this.#robust.initial();
  }

  /** `histogram` by bin of equal width, lowest first; `mean` of the `n` values. */
  step(state: RateState, histogram: readonly number[], mean: number, n: number, m: number): RateState {
    if (this.mode === 'robust' || n === 0) return this.#robust.step(state, mean, n, m);
    const limit = Math.min(Math.max(m, 1e-9), 1 - 1e-9);
    return state.map((before, j) => {
      const bet = STAKES[j]! / limit;
      let increment = 0;
      for (let bin = 0; bin < histogram.length; bin++) {
        const count = histogram[bin]!;
        if (count > 0) increment += count * Math.log1p(bet * (bin / histogram.length - limit));
      }
      return accumulate(this.kind, before, increment);
    });
  }

  evidence(state: RateState): number {
    return logMeanExp(state);
  }
}
