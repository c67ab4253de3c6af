/** The value below which a share `q` of the sorted values lies (nearest rank), rounded to 0.01. NaN when there is none. */
export function percentile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? NaN;
  return Math.round(value * 100) / 100;
}
