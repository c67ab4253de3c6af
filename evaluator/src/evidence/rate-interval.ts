import { lnBeta } from './special.js';

/** Ends of an interval. */
export type Interval = readonly [lower: number, upper: number];

/**
 * Log-evidence of `s` events in `n` trials against rate `p`: Robbins' mixture of the binomial over Beta(1/2, 1/2), a function of the counts alone.
 */
export function lnBetaBinomial(s: number, n: number, p: number): number {
  const events = s === 0 ? 0 : s * Math.log(p);
  const others = n === s ? 0 : (n - s) * Math.log1p(-p);
  return lnBeta(0.5 + s, 0.5 + n - s) - lnBeta(0.5, 0.5) - events - others;
}

/**
 * Confidence sequence of a rate: holds at every moment at once with probability 1 - alpha (Robbins 1970; Lindon and Malek, arXiv 2011.03567).
 * Without trials it is [0, 1].
 */
export function rateInterval(s: number, n: number, alpha: number): Interval {
  if (n === 0) return [0, 1];
  const level = Math.log(1 / alpha);
  const inside = (p: number): boolean => lnBetaBinomial(s, n, p) < level;
  const estimate = s / n;
  return [
    s === 0 ? 0 : edge(estimate === 1 ? 1 - 2 ** -53 : estimate, 0, inside),
    s === n ? 1 : edge(estimate === 0 ? 2 ** -1000 : estimate, 1, inside),
  ];
}

/** Where `inside` ends between a point that is inside and one that is not. */
export function edge(from: number, to: number, inside: (x: number) => boolean): number {
  let [yes, no] = [from, to];
  for (let step = 0; step < 80; step++) {
    const middle = (yes + no) / 2;
    if (middle === yes || middle === no) break;
    if (inside(middle)) yes = middle;
    else no = middle;
  }
  return no;
}
