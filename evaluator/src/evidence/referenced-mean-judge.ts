import { MEAN_UNITS } from '@guardspan/policy';
import type { EvidenceMode, MeanTest } from '@guardspan/policy';
import type { Accumulation } from './detector.js';
import { gainOf } from './detector.js';
import { EFFECT_ALPHA } from './judge.js';
import type { Judge } from './judge.js';
import { MeanBets } from './mean-bets.js';
import { meanInterval } from './mean-interval.js';
import { moments } from './mean-judge.js';
import type { RateReference } from './rate-reference.js';
import { NO_TIME } from './referenced-rate-judge.js';
import type { ReferencedState } from './referenced-rate-judge.js';
import { klBernoulli } from './special.js';

/** Judges a mean against a limit that differs from bucket to bucket and is known before each: a baseline with a season, or one that moves. */
export function referencedMeanJudge(
  test: MeanTest,
  mode: EvidenceMode,
  kind: Accumulation,
  reference: RateReference,
): Judge<ReferencedState> {
  const bets = new MeanBets(mode, kind);
  const up = test.direction === 'up';
  const [low, high] = test.range;
  const real = (x: number): number => low + x * (high - low);
  /** Scaled to [0, 1]; `tolerance` is a part of the limit in its own unit. */
  const tolerated = (share: number): number => {
    const limit = real(share);
    const wide = limit + (up ? 1 : -1) * test.tolerance * Math.abs(limit);
    return Math.min(1, Math.max(0, (wide - low) / (high - low)));
  };
  const initial = (): ReferencedState => ({
    bets: bets.initial(),
    reference: reference.initial(),
    calls: 0,
    allowed: 0,
  });
  const limitOf = (state: ReferencedState): number =>
    state.calls === 0 ? tolerated(reference.limitOf(state.reference)) : state.allowed / state.calls;
  return {
    initial,
    renew: ({ reference: learned }) => ({ ...initial(), reference: learned }),
    step(before, bucket, _arm, moment = NO_TIME) {
      const { mean, n, histogram } = moments(bucket);
      if (n === 0) return before;
      const now = reference.turn(before.reference, moment);
      const limit = tolerated(reference.limitOf(now));
      return {
        // A fall is the rise of what is missing to the upper end of the range.
        bets: up
          ? bets.step(before.bets, histogram, mean, n, limit)
          : bets.step(before.bets, [...histogram].reverse(), 1 - mean, n, 1 - limit),
        reference: reference.learn(now, { s: bucket.units / MEAN_UNITS, n }, moment),
        calls: before.calls + n,
        allowed: before.allowed + n * limit,
      };
    },
    evidence: (state) => bets.evidence(state.bets),
    gain: (before, after) => gainOf(kind, before, after),
    effect(totals, _arm, state = initial()) {
      const { mean, n, histogram } = moments(totals);
      if (n === 0) return undefined;
      const [lower, upper] = meanInterval(histogram, EFFECT_ALPHA);
      return {
        name: 'mean',
        value: real(mean),
        lower: real(lower),
        upper: real(upper),
        limit: real(limitOf(state)),
        above: up,
      };
    },
    information(totals, _arm, state = initial()) {
      const { mean, n } = moments(totals);
      const limit = limitOf(state);
      const [x, m] = up ? [mean, limit] : [1 - mean, 1 - limit];
      return n > 0 && x > m && m > 0 && m < 1 ? klBernoulli(x, m) : 0;
    },
    reference: (state) => reference.report(state.reference),
    whole: () => true,
  };
}
