import { klBernoulli } from './special.js';

const HALVINGS = 64;

/**
 * The largest mean under which `n` values in [0, 1] may have the average `mean` or less at this level: with probability 1 - alpha the expectation is below it. By Hoeffding (1963, theorem 1)
 * an average of `mean` or less has probability exp(-n KL(mean ‖ m)) at most when the expectation is `m`, however the values are spread, and for expectations that differ it
 * holds for their average. From sum and number alone, so what is spread little is bounded as if it were spread as widely as can be. 1 without values.
 */
export function upperMeanBound(mean: number, n: number, alpha: number): number {
  if (n === 0 || mean >= 1) return 1;
  const level = Math.log(1 / alpha) / n;
  let [low, high] = [mean, 1];
  for (let step = 0; step < HALVINGS; step++) {
    const m = (low + high) / 2;
    if (m === low || m === high) break;
    if (klBernoulli(mean, m) < level) low = m;
    else high = m;
  }
  return high;
}

/** The smallest; see {@link upperMeanBound}. 0 without values. */
export function lowerMeanBound(mean: number, n: number, alpha: number): number {
  return 1 - upperMeanBound(1 - mean, n, alpha);
}
