import type { EvidenceMode, LatencyTest, RateTest } from '@guardspan/policy';
import { rateCounts } from './cells.js';
import type { RateCounts } from './cells.js';
import type { Accumulation } from './detector.js';
import { gainOf } from './detector.js';
import { GapBets } from './gap-bets.js';
import type { GapState } from './gap-bets.js';
import { EFFECT_ALPHA } from './judge.js';
import type { Judge } from './judge.js';
import { RateBets } from './rate-bets.js';
import type { RateState } from './rate-bets.js';
import { lowerRateBound, upperRateBound } from './rate-bound.js';
import { rateInterval } from './rate-interval.js';
import { BASELINE_ALPHA } from './rate-reference.js';
import { klBernoulli } from './special.js';

/** The share that may not be passed, from a declared limit or a frozen baseline. */
export function rateLimit({ limit, baseline, tolerance, direction }: RateTest | LatencyTest): number {
  if (limit !== null) return limit;
  const { events, calls } = baseline!;
  return direction === 'up'
    ? Math.min(1, upperRateBound(events, calls, BASELINE_ALPHA) * (1 + tolerance))
    : Math.max(0, lowerRateBound(events, calls, BASELINE_ALPHA) * (1 - tolerance));
}

/** Judges a share of calls against a limit that is known before: `rate` and `latency` with `limit` or `baseline`. */
export function rateJudge(test: RateTest | LatencyTest, mode: EvidenceMode, kind: Accumulation): Judge<RateState> {
  const bets = new RateBets(mode, kind);
  const limit = rateLimit(test);
  const up = test.direction === 'up';
  // "Too few events" is "too many of the others".
  const own = (counts: RateCounts): number => (up ? counts.s : counts.n - counts.s) / counts.n;
  const p0 = up ? limit : 1 - limit;
  return {
    initial: () => bets.initial(),
    step(state, bucket) {
      const counts = rateCounts(bucket);
      return counts.n === 0 ? state : bets.step(state, own(counts), counts.n, p0);
    },
    evidence: (state) => bets.evidence(state),
    gain: (before, after) => gainOf(kind, before, after),
    effect(totals) {
      const { s, n } = rateCounts(totals);
      if (n === 0) return undefined;
      const [lower, upper] = rateInterval(s, n, EFFECT_ALPHA);
      return { name: 'rate', value: s / n, lower, upper, limit, above: up };
    },
    information(totals) {
      const counts = rateCounts(totals);
      const p = counts.n === 0 ? 0 : own(counts);
      return p > p0 && p0 > 0 && p0 < 1 ? klBernoulli(p, p0) : 0;
    },
    whole: () => true,
  };
}

/** Judges a share against the same share in a concurrent arm: `rate` and `latency` with `against`. */
export function rateArmJudge(test: RateTest | LatencyTest, mode: EvidenceMode, kind: Accumulation): Judge<GapState> {
  const up = test.direction === 'up';
  const factor = up ? 1 + test.tolerance : 1 - test.tolerance;
  // Up: the arm may not be below own / factor. Down: the own rate may not be below factor times the arm's.
  const bets = new GapBets(mode, kind, up ? 1 / factor : factor, 0);
  return {
    initial: () => bets.initial(),
    step(state, bucket, arm) {
      const own = rateCounts(bucket);
      const other = rateCounts(arm);
      const [a, b] = up ? [own, other] : [other, own];
      return bets.step(state, { sa: a.s, na: a.n, sb: b.s, nb: b.n });
    },
    evidence: (state) => bets.evidence(state),
    gain: (before, after) => gainOf(kind, before, after),
    effect(totals, arm) {
      const own = rateCounts(totals);
      const other = rateCounts(arm);
      if (own.n === 0 || other.n === 0) return undefined;
      return { name: 'ratio', ...ratioOf(own, other, EFFECT_ALPHA), limit: factor, above: up };
    },
    information(totals, arm) {
      const own = rateCounts(totals);
      const other = rateCounts(arm);
      if (own.n === 0 || other.n === 0) return 0;
      const p = own.s / own.n;
      const allowed = Math.min(1 - 1e-9, Math.max(1e-9, (factor * other.s) / other.n));
      return (up ? p > allowed : p < allowed) ? klBernoulli(p, allowed) / 2 : 0;
    },
    whole: () => true,
  };
}

/** Ratio of two rates with a confidence sequence: that of each rate at half the level. */
export function ratioOf(
  own: RateCounts,
  other: RateCounts,
  alpha: number,
): { value: number; lower: number; upper: number } {
  const [lower, upper] = rateInterval(own.s, own.n, alpha / 2);
  const [otherLower, otherUpper] = rateInterval(other.s, other.n, alpha / 2);
  return {
    value: other.s === 0 ? (own.s === 0 ? NaN : Infinity) : own.s / own.n / (other.s / other.n),
    lower: lower / otherUpper,
    upper: otherLower === 0 ? Infinity : upper / otherLower,
  };
}
