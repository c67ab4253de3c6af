import type { EvidenceMode, LatencyTest, RateTest } from '@guardspan/policy';
import { rateCounts } from './cells.js';
import type { Accumulation } from './detector.js';
import { gainOf } from './detector.js';
import { EFFECT_ALPHA } from './judge.js';
import type { Judge } from './judge.js';
import { RateBets } from './rate-bets.js';
import type { RateState } from './rate-bets.js';
import { rateInterval } from './rate-interval.js';
import type { RateReference, ReferenceState } from './rate-reference.js';
import { klBernoulli } from './special.js';

/** State of {@link referencedRateJudge}; JSON. */
export interface ReferencedState {
  bets: RateState;
  reference: ReferenceState;
  /** Calls since the evidence began, and the events among them that were allowed: their ratio is the limit that the calls had on average. */
  calls: number;
  allowed: number;
}

/** Start of the epoch: for callers that know no time, which all tests without season and window are. */
export const NO_TIME = { at: 0, calm: true };

/** Judges a share of calls against a limit that differs from bucket to bucket and is known before each: a baseline with a season, or one that moves. */
export function referencedRateJudge(
  test: RateTest | LatencyTest,
  mode: EvidenceMode,
  kind: Accumulation,
  reference: RateReference,
): Judge<ReferencedState> {
  const bets = new RateBets(mode, kind);
  const up = test.direction === 'up';
  const tolerated = (share: number): number =>
    up ? Math.min(1, share * (1 + test.tolerance)) : Math.max(0, share * (1 - test.tolerance));
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
      const { s, n } = rateCounts(bucket);
      if (n === 0) return before;
      const now = reference.turn(before.reference, moment);
      const limit = tolerated(reference.limitOf(now));
      // "Too few events" is "too many of the others".
      const mean = (up ? s : n - s) / n;
      return {
        bets: bets.step(before.bets, mean, n, up ? limit : 1 - limit),
        reference: reference.learn(now, { s, n }, moment),
        calls: before.calls + n,
        allowed: before.allowed + n * limit,
      };
    },
    evidence: (state) => bets.evidence(state.bets),
    gain: (before, after) => gainOf(kind, before, after),
    effect(totals, _arm, state = initial()) {
      const { s, n } = rateCounts(totals);
      if (n === 0) return undefined;
      const [lower, upper] = rateInterval(s, n, EFFECT_ALPHA);
      return { name: 'rate', value: s / n, lower, upper, limit: limitOf(state), above: up };
    },
    information(totals, _arm, state = initial()) {
      const { s, n } = rateCounts(totals);
      const limit = limitOf(state);
      const [p, p0] = up ? [n === 0 ? 0 : s / n, limit] : [n === 0 ? 0 : 1 - s / n, 1 - limit];
      return p > p0 && p0 > 0 && p0 < 1 ? klBernoulli(p, p0) : 0;
    },
    reference: (state) => reference.report(state.reference),
    whole: () => true,
  };
}
