import { EFFECT_ALPHA } from './judge.js';
import type { Distance } from './judge.js';
import { rateInterval } from './rate-interval.js';

/**
 * Mean distance between binned values and a binned reference (Wasserstein-1): the area between their distribution functions. Values count as the upper end of
 * their bin, those above the last edge as the last edge, so there are one more counts than edges (or as many, when nothing is above). The interval lets the
 * distribution function at each edge lie anywhere in its confidence sequence (jointly 95 %); the reference is taken as it is, as in `psiOf`. NaN without counts.
 */
export function wassersteinOf(
  counts: readonly number[],
  reference: readonly number[],
  edges: readonly number[],
): Distance {
  const n = sumOf(counts);
  const m = sumOf(reference);
  let [own, other, value, lower, upper] = [0, 0, 0, 0, 0];
  for (let b = 0; b < edges.length - 1; b++) {
    own += counts[b]!;
    other += reference[b]!;
    const width = edges[b + 1]! - edges[b]!;
    const q = other / m;
    const [from, to] = rateInterval(own, n, EFFECT_ALPHA / (edges.length - 1));
    value += Math.abs(own / n - q) * width;
    lower += Math.max(0, from - q, q - to) * width;
    upper += Math.max(to - q, q - from) * width;
  }
  return { value, lower, upper, iqr: quantile(reference, edges, 0.75) - quantile(reference, edges, 0.25) };
}

/** The edge at or below which this share of the counts lies. */
function quantile(counts: readonly number[], edges: readonly number[], share: number): number {
  const wanted = share * sumOf(counts);
  let below = 0;
  for (let b = 0; b < edges.length - 1; b++) {
    below += counts[b]!;
    if (below >= wanted) return edges[b]!;
  }
  return edges[edges.length - 1]!;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
