import type { EvidenceMode } from '@guardspan/policy';
import type { Accumulation } from './detector.js';
import { accumulate, beginning } from './detector.js';
import { lnNormalCdf, logMeanExp } from './special.js';

/** Events and trials of two groups. */
export interface Pair {
  sa: number;
  na: number;
  sb: number;
  nb: number;
}

/** State of one comparison; JSON. */
export interface GapState {
  /** Counts so far, from which alternatives are learned (`iid`). */
  learned: Pair;
  /** Counts that wait until both groups are large enough (`robust`). */
  held: Pair;
  /** Sums of the standardised differences and of their squares (`robust`, product). */
  sum: number;
  squares: number;
  /** Log-evidence with which the comparison began (`robust`, product). */
  start: number;
  /** Log-evidence by bet. */
  logs: number[];
}

/** Groups wait for this many trials each in `robust`: standardised differences are then close to symmetric. A rule on sizes alone, so it favours no outcome. */
export const MIN_GROUP = 30;
/** Bets on the standardised difference, at most 1/2 so that what is left of its skewness is small. */
export const LAMBDAS = [0.1, 0.25, 0.5];
/** Largest E[exp(λx - λ²x²/2)] - 1 over all rates at sizes of 95 to 5 in a hundred, computed exactly; with 30 in the smaller group it is less. */
const SKEW = [0.0003, 0.0013, 0.0085];
/** What is left beside {@link SKEW} with ratios below 1, with margins and with sizes that differ little; the same enumeration (docs/statistics.md). */
const SKEW_AT_LEAST = [0.00002, 0.0002, 0.0011];
const NOTHING: Pair = { sa: 0, na: 0, sb: 0, nb: 0 };
/** One pseudo-observation of each outcome in each group: the alternative before anything was seen. */
const PRIOR: Pair = { sa: 1, na: 2, sb: 1, nb: 2 };
const TAU2 = 0.25;
/** Alternatives of `iid` in an e-detector beside the learned one: the rate of group b in parts of the lowest one that is allowed. They bet at once where the learned one has to see b fall first. */
export const BEHIND = [0.85, 0.65, 0.4];
/** What an e-detector remembers from bucket to bucket when it learns its alternative: it must follow a change within some tens of buckets. */
export const MEMORY = 0.97;

/**
 * Evidence that group b falls behind group a: H0 is p_b >= ratio · p_a - margin in each bucket, given the past and the sizes. Only calls of the same bucket
 * are compared, so what moves both groups (season, outage) cancels.
 *
 * `iid`: likelihood ratio of a learned alternative to its projection onto H0 (RIPr: Turner, Ly, Grünwald, arXiv 2106.02693; proof for convex H0 and any sizes in
 * docs/statistics.md); an e-detector takes the mean over that one and three in which b is so far {@link BEHIND}. `robust`: bets on the standardised difference, symmetric around at most 0 under H0 (de la Peña 1999), for calls that come in clusters.
 */
export class GapBets {
  constructor(
    private readonly mode: EvidenceMode,
    private readonly kind: Accumulation,
    private readonly ratio: number,
    private readonly margin: number,
  ) {}

  /** @param start log-evidence to begin with; a comparison that joins others later begins with theirs, so that joining adds none */
  initial(start = beginning(this.kind)): GapState {
    const product = this.kind === 'product';
    const bets = this.mode === 'iid' ? (product ? 1 : 1 + BEHIND.length) : product ? 0 : LAMBDAS.length;
    return {
      learned: { ...PRIOR },
      held: { ...NOTHING },
      sum: 0,
      squares: 0,
      start,
      logs: Array.from({ length: bets }, () => start),
    };
  }

  step(state: GapState, bucket: Pair): GapState {
    return this.mode === 'iid' ? this.#stepIid(state, bucket) : this.#stepRobust(state, bucket);
  }

  evidence(state: GapState): number {
    if (state.logs.length > 0) return logMeanExp(state.logs);
    // The mixture over all bets in closed form, for one test of a fixed level.
    const { sum, squares, start } = state;
    const v = 1 + TAU2 * squares;
    const mixture = Math.LN2 + lnNormalCdf(sum * Math.sqrt(TAU2 / v)) - 0.5 * Math.log(v);
    return start + (mixture + (TAU2 * sum * sum) / (2 * v));
  }

  /** The log-e-values of a bucket under what was learned before it, in the order of a state's logs (`iid`). */
  increments({ sa, na, sb, nb }: Pair, bucket: Pair): number[] {
    const A = sa / na;
    const learned = this.#increment(A, sb / nb, bucket);
    if (this.kind === 'product') return [learned];
    const allowed = this.ratio * A - this.margin;
    // Before group a is known at all there is nothing to be behind of.
    const known = na - PRIOR.na >= MIN_GROUP && allowed > 0;
    return [learned, ...BEHIND.map((part) => (known ? this.#increment(A, part * allowed, bucket) : 0))];
  }

  /** The log-e-value of a bucket for rates A and B: of their likelihood to that of the nearest rates of H0. */
  #increment(A: number, B: number, { sa, na, sb, nb }: Pair): number {
    if (na === 0 || nb === 0 || B >= this.ratio * A - this.margin) return 0;
    const [a, b] = project(A, B, na, nb, this.ratio, -this.margin);
    return (
      sa * Math.log(A / a) +
      (na - sa) * Math.log((1 - A) / (1 - a)) +
      sb * Math.log(B / b) +
      (nb - sb) * Math.log((1 - B) / (1 - b))
    );
  }

  #stepIid(state: GapState, bucket: Pair): GapState {
    const increments = this.increments(state.learned, bucket);
    return {
      ...state,
      learned: added(this.kind === 'detector' ? faded(state.learned) : state.learned, bucket),
      logs: state.logs.map((before, j) => accumulate(this.kind, before, increments[j]!)),
    };
  }

  #stepRobust(state: GapState, bucket: Pair): GapState {
    const held = added(state.held, bucket);
    const { sa, na, sb, nb } = held;
    if (Math.min(na, nb) < MIN_GROUP) return { ...state, held };
    const difference = (this.ratio * sa) / na - this.margin - sb / nb;
    const x = (difference * 2) / Math.sqrt(1 / na + 1 / nb);
    const skews = skewOf(na, nb);
    return {
      ...state,
      held: { ...NOTHING },
      sum: state.sum + x,
      squares: state.squares + x * x,
      logs: state.logs.map((before, j) => {
        return accumulate(this.kind, before, betOn(LAMBDAS[j]! * x) - skews[j]!);
      }),
    };
  }
}

/**
 * Log of a bet of size λ on a standardised difference x, from their product: exp(λx - λ²x²/2), held at its largest value from x = 1/λ on, where it would fall again and a gap too
 * large for the bet would count against itself. Of a symmetric x it is at most 1 on average, because its values at x and -x have a sum of 2 at most; it never falls with x, so a lower centre changes nothing.
 */
export function betOn(product: number): number {
  const y = Math.min(product, 1);
  return y - (y * y) / 2;
}

/** What each bet pays for the skewness that is left at these sizes, nats. */
export function skewOf(na: number, nb: number): number[] {
  const uneven = Math.log(Math.max(na, nb) / Math.min(na, nb)) / Math.log(19);
  return SKEW.map((skew, j) => Math.log1p(SKEW_AT_LEAST[j]! + skew * uneven * uneven));
}

/** Older counts weigh less, the pseudo-observations as much as ever. */
function faded(counts: Pair): Pair {
  const fade = (count: number, prior: number): number => prior + MEMORY * (count - prior);
  return {
    sa: fade(counts.sa, PRIOR.sa),
    na: fade(counts.na, PRIOR.na),
    sb: fade(counts.sb, PRIOR.sb),
    nb: fade(counts.nb, PRIOR.nb),
  };
}

function added(one: Pair, other: Pair): Pair {
  return { sa: one.sa + other.sa, na: one.na + other.na, sb: one.sb + other.sb, nb: one.nb + other.nb };
}

/**
 * The point of {b >= c·a + d} that is nearest to (A, B) in na·KL(A‖a) + nb·KL(B‖b), for a point outside of it: on the border, where the derivative along the
 * border changes sign.
 */
export function project(A: number, B: number, na: number, nb: number, c: number, d: number): [number, number] {
  let low = Math.max(1e-12, (1e-12 - d) / c);
  let high = Math.min(1 - 1e-12, (1 - 1e-12 - d) / c);
  for (let step = 0; step < 60; step++) {
    const a = (low + high) / 2;
    const b = c * a + d;
    const slope = (-na * (A - a)) / (a * (1 - a)) - (nb * c * (B - b)) / (b * (1 - b));
    if (slope > 0) high = a;
    else low = a;
  }
  const a = (low + high) / 2;
  return [a, c * a + d];
}
