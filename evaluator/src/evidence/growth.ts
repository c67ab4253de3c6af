import type { EvidenceMode } from '@guardspan/policy';
import { betOn, LAMBDAS, MIN_GROUP, skewOf } from './gap-bets.js';
import { pairInformation } from './gap-judge.js';
import { STAKES } from './rate-bets.js';
import { klBernoulli, lnGamma } from './special.js';

/**
 * Nats that a call is expected to add when a share is `p` and at most `p0` is allowed. `iid`: KL(p‖p0). `robust`: what the best of the bets on a bucket's
 * average gains, by the binomial distribution of `perBucket` calls, which is less where one bucket alone could tell.
 */
export function shareGrowth(mode: EvidenceMode, p: number, p0: number, perBucket: number): number {
  if (p <= p0 || p0 <= 0 || p0 >= 1) return 0;
  if (mode === 'iid') return klBernoulli(p, p0);
  const n = Math.max(1, Math.round(perBucket));
  const reach = 8 * Math.sqrt(n * p * (1 - p)) + 8;
  const gains = STAKES.map(() => 0);
  for (let s = Math.max(0, Math.floor(n * p - reach)); s <= Math.min(n, n * p + reach); s++) {
    const lnShare = s === 0 ? 0 : s * Math.log(p);
    const lnRest = s === n ? 0 : (n - s) * Math.log1p(-p);
    const weight = Math.exp(lnGamma(n + 1) - lnGamma(s + 1) - lnGamma(n - s + 1) + lnShare + lnRest);
    STAKES.forEach((stake, j) => (gains[j]! += weight * Math.log1p((stake / p0) * (s / n - p0))));
  }
  return Math.max(0, ...gains) / n;
}

/** Two groups as a plan sees them: rates, and calls in a bucket. */
export interface PlannedPair {
  /** Rate of the group that is the measure, and of the one that may not fall behind. */
  a: number;
  b: number;
  na: number;
  nb: number;
}

/** Buckets that are joined until both groups have the calls that a bet in `robust` needs. */
export function bucketsJoined(mode: EvidenceMode, { na, nb }: PlannedPair): number {
  return mode === 'iid' ? 1 : Math.max(1, Math.ceil(MIN_GROUP / Math.min(na, nb)));
}

/**
 * Nats that a call of either group is expected to add when `b` is below `ratio · a - margin`. `iid`: KL to the nearest rates that are allowed. `robust`: what the
 * best of the bets on the standardised difference gains, from its mean and variance as of a normal variable.
 */
export function gapGrowth(mode: EvidenceMode, pair: PlannedPair, ratio: number, margin: number): number {
  const { a, b } = pair;
  if (mode === 'iid') {
    const { na, nb } = pair;
    return pairInformation({ ratio, margin }, { sa: a * na, na, sb: b * nb, nb });
  }
  const joined = bucketsJoined(mode, pair);
  const [na, nb] = [pair.na * joined, pair.nb * joined];
  const scale = 2 / Math.sqrt(1 / na + 1 / nb);
  const mean = (ratio * a - margin - b) * scale;
  if (mean <= 0) return 0;
  const variance = scale * scale * ((ratio * ratio * a * (1 - a)) / na + (b * (1 - b)) / nb);
  const skews = skewOf(na, nb);
  const gains = LAMBDAS.map((bet, j) => overNormal((x) => betOn(bet * x), mean, variance) - skews[j]!);
  return Math.max(0, ...gains) / (na + nb);
}

/** Mean of a function of a normal variable. */
function overNormal(of: (x: number) => number, mean: number, variance: number): number {
  let [sum, weights] = [0, 0];
  for (let z = -5; z <= 5; z += 0.25) {
    const weight = Math.exp((-z * z) / 2);
    sum += weight * of(mean + z * Math.sqrt(variance));
    weights += weight;
  }
  return sum / weights;
}
