/** Two-sided standard normal quantile for a confidence level in (0, 1), e.g. 1.95996 for 0.95. Acklam's rational approximation, relative error below 1.2e-9. */
export function normalQuantile(confidence: number): number {
  const p = 1 - (1 - confidence) / 2;
  if (p > 0.97575) {
    const q = Math.sqrt(-2 * Math.log(1 - p));
    const numerator =
      ((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
        4.374664141464968) *
        q +
      2.938163982698783;
    const denominator =
      (((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
    return -numerator / denominator;
  }
  const q = p - 0.5;
  const r = q * q;
  const numerator =
    (((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
      2.506628277459239) *
    q;
  const denominator =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
    1;
  return numerator / denominator;
}

/** Lower end of the Wilson score interval of `k` in `n` at normal quantile `z`; NaN when `n` is 0. */
export function wilsonLower(k: number, n: number, z: number): number {
  return n === 0 ? NaN : k === 0 ? 0 : Math.max(0, (k + (z * z) / 2 - spread(k, n, z)) / (n + z * z));
}

/** Upper end of the Wilson score interval of `k` in `n` at normal quantile `z`; NaN when `n` is 0. */
export function wilsonUpper(k: number, n: number, z: number): number {
  return n === 0 ? NaN : k === n ? 1 : Math.min(1, (k + (z * z) / 2 + spread(k, n, z)) / (n + z * z));
}

function spread(k: number, n: number, z: number): number {
  return z * Math.sqrt((k * (n - k)) / n + (z * z) / 4);
}
