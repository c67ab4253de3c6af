import { MEAN_BINS, MEAN_UNITS } from '@guardspan/policy';
import type { EvidenceMode, MeanTest } from '@guardspan/policy';
import type { CellRows } from '../count/cells/cell-counts.js';
import { columnSums } from './cells.js';
import type { Accumulation } from './detector.js';
import { gainOf } from './detector.js';
import { GapBets } from './gap-bets.js';
import type { GapState } from './gap-bets.js';
import { EFFECT_ALPHA } from './judge.js';
import type { Judge } from './judge.js';
import { MeanBets } from './mean-bets.js';
import { meanInterval } from './mean-interval.js';
import type { RateState } from './rate-bets.js';
import { klBernoulli } from './special.js';

interface Moments {
  /** Of the values, scaled to [0, 1]. */
  mean: number;
  n: number;
  histogram: number[];
}

/** Mean of the values of a bucket, their number and their histogram. */
export function moments(cells: CellRows): Moments {
  const histogram = columnSums(cells, MEAN_BINS);
  const n = histogram.reduce((sum, count) => sum + count, 0);
  return { mean: n === 0 ? NaN : cells.units / MEAN_UNITS / n, n, histogram };
}

/** Judges the mean of a bounded number against a limit that is known before. */
export function meanJudge(test: MeanTest, mode: EvidenceMode, kind: Accumulation): Judge<RateState> {
  const bets = new MeanBets(mode, kind);
  const [low, high] = test.range;
  const up = test.direction === 'up';
  const limit = meanLimit(test);
  const scaled = (limit - low) / (high - low);
  const m = up ? scaled : 1 - scaled;
  return {
    initial: () => bets.initial(),
    step(state, bucket) {
      const { mean, n, histogram } = moments(bucket);
      if (n === 0) return state;
      // A fall is the rise of what is missing to the upper end of the range.
      return up ? bets.step(state, histogram, mean, n, m) : bets.step(state, [...histogram].reverse(), 1 - mean, n, m);
    },
    evidence: (state) => bets.evidence(state),
    gain: (before, after) => gainOf(kind, before, after),
    effect(totals) {
      const { mean, n, histogram } = moments(totals);
      if (n === 0) return undefined;
      const [lower, upper] = meanInterval(histogram, EFFECT_ALPHA);
      const real = (x: number): number => low + x * (high - low);
      return { name: 'mean', value: real(mean), lower: real(lower), upper: real(upper), limit, above: up };
    },
    information(totals) {
      const { mean, n } = moments(totals);
      const x = up ? mean : 1 - mean;
      // A bet on means gains as much as one on a coin with these rates, or more.
      return n > 0 && x > m && m > 0 && m < 1 ? klBernoulli(x, m) : 0;
    },
    whole: () => true,
  };
}

/** The mean that may not be passed, in units of the value. */
export function meanLimit({ limit, baseline, tolerance, direction }: MeanTest): number {
  if (limit !== null) return limit;
  const { lower, upper } = baseline!;
  return direction === 'up' ? upper + tolerance * Math.abs(upper) : lower - tolerance * Math.abs(lower);
}

/** Judges a mean against that of a concurrent arm, by the standardised difference of the buckets' means whatever the mode. */
export function meanArmJudge(test: MeanTest, kind: Accumulation): Judge<GapState> {
  const up = test.direction === 'up';
  const [low, high] = test.range;
  const factor = up ? 1 + test.tolerance : 1 - test.tolerance;
  // In scaled values: own <= factor·arm + shift, where the shift comes from the lower end of the range.
  const shift = ((factor - 1) * low) / (high - low);
  const bets = up
    ? new GapBets('robust', kind, 1 / factor, shift / factor)
    : new GapBets('robust', kind, factor, -shift);
  return {
    initial: () => bets.initial(),
    step(state, bucket, arm) {
      const own = moments(bucket);
      const other = moments(arm);
      if (own.n === 0 || other.n === 0) return state;
      const [a, b] = up ? [own, other] : [other, own];
      return bets.step(state, { sa: a.mean * a.n, na: a.n, sb: b.mean * b.n, nb: b.n });
    },
    evidence: (state) => bets.evidence(state),
    gain: (before, after) => gainOf(kind, before, after),
    effect(totals, arm) {
      const own = moments(totals);
      const other = moments(arm);
      if (own.n === 0 || other.n === 0) return undefined;
      const real = (x: number): number => low + x * (high - low);
      const [lower, upper] = meanInterval(own.histogram, EFFECT_ALPHA / 2).map(real) as [number, number];
      const [otherLower, otherUpper] = meanInterval(other.histogram, EFFECT_ALPHA / 2).map(real) as [number, number];
      return {
        name: 'difference',
        value: real(own.mean) - factor * real(other.mean),
        lower: lower - factor * otherUpper,
        upper: upper - factor * otherLower,
        limit: 0,
        above: up,
      };
    },
    information(totals, arm) {
      const own = moments(totals);
      const other = moments(arm);
      const x = up ? own.mean : 1 - own.mean;
      const allowed = up ? factor * other.mean + shift : 1 - (factor * other.mean + shift);
      return own.n > 0 && x > allowed && allowed > 0 && allowed < 1 ? klBernoulli(x, allowed) / 2 : 0;
    },
    whole: () => true,
  };
}
