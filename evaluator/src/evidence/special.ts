/** ln Γ(x) for x > 0: Stirling's series after a shift to x >= 12; absolute error below 1e-12 for the counts of a window. */
export function lnGamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 12) {
    shift -= Math.log(z);
    z += 1;
  }
  const w = 1 / (z * z);
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - (w * 691) / 360360))))) / z;
  return shift + (z - 0.5) * Math.log(z) - z + 0.9189385332046727 + series;
}

/** ln B(a, b). */
export function lnBeta(a: number, b: number): number {
  return lnGamma(a) + lnGamma(b) - lnGamma(a + b);
}

/** ln(1 + e^x), without overflow. */
export function log1pExp(x: number): number {
  return x > 36 ? x : Math.log1p(Math.exp(x));
}

/** ln of the mean of e^x over the values; -Infinity for none. */
export function logMeanExp(values: readonly number[]): number {
  const most = Math.max(...values);
  if (values.length === 0 || most === -Infinity) return -Infinity;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - most);
  return most + Math.log(sum / values.length);
}

/** ln Φ(x) of the standard normal distribution; relative error of Φ below 1e-12. */
export function lnNormalCdf(x: number): number {
  if (x > 0) return Math.log1p(-Math.exp(lnTail(x)));
  return lnTail(-x);
}

/** ln of the upper tail P(Z > x), x >= 0: by the continued fraction of Laplace from 3 on, by the series of erf below. */
function lnTail(x: number): number {
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && k < 200; k++) {
      term *= (x * x) / (2 * k + 1);
      sum += term;
    }
    return Math.log(0.5 - 0.3989422804014327 * Math.exp((-x * x) / 2) * sum);
  }
  let fraction = 0;
  for (let k = 120; k >= 1; k--) fraction = k / (x + fraction);
  return -0.9189385332046727 - (x * x) / 2 - Math.log(x + fraction);
}

/** Kullback-Leibler divergence of two coins, nats. */
export function klBernoulli(p: number, q: number): number {
  let sum = 0;
  if (p > 0) sum += p * Math.log(p / q);
  if (p < 1) sum += (1 - p) * Math.log((1 - p) / (1 - q));
  return sum;
}
