import { lnBeta } from './special.js';

/** Halvings of the bracket: the bound is found to the last bits of a double. */
const HALVINGS = 64;
const MAX_TERMS = 100_000;
const TINY = 1e-300;

/**
 * The largest rate under which `s` events or fewer in `n` calls have probability `alpha` (Clopper and Pearson 1934): with probability 1 - alpha the rate is below it. Exact for counts whose
 * number of calls was not chosen by looking at them, which those of a baseline are; it holds for the average rate of calls whose rates differ, too (Hoeffding 1956).
 * A confidence sequence ({@link rateInterval}) also holds when one stops where one likes, and is a third wider or more. 1 without calls.
 */
export function upperRateBound(s: number, n: number, alpha: number): number {
  if (s >= n) return 1;
  let [low, high] = [s / n, 1];
  for (let step = 0; step < HALVINGS; step++) {
    const p = (low + high) / 2;
    if (p === low || p === high) break;
    if (atMost(s, n, p) > alpha) low = p;
    else high = p;
  }
  return high;
}

/** The smallest rate under which `s` events or more have probability `alpha`; see {@link upperRateBound}. 0 without calls. */
export function lowerRateBound(s: number, n: number, alpha: number): number {
  return 1 - upperRateBound(n - s, n, alpha);
}

/** P(Binomial(n, p) <= s) for p above s / n: the regularised incomplete beta function I_{1-p}(n - s, s + 1), by its continued fraction (Lentz). */
function atMost(s: number, n: number, p: number): number {
  const [a, b, x] = [n - s, s + 1, 1 - p];
  if (x <= 0) return 0;
  // Beyond its mean the fraction converges slowly; it is far above any level then.
  if (x >= (a + 1) / (a + b + 2)) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log(p) - lnBeta(a, b)) / a;
  let c = 1;
  let d = 1 / orTiny(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / orTiny(1 + even * d);
    c = orTiny(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / orTiny(1 + odd * d);
    c = orTiny(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * fraction;
}

function orTiny(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
