import { log1pExp } from './special.js';

/**
 * How the evidence of single buckets adds up.
 * `detector`: Shiryaev-Roberts e-detector, for a promise about a period: the mean time between false alarms is at least e^threshold buckets (Shin, Ramdas,
 * Rinaldo, arXiv 2203.03532). `product`: e-process from the start on, for one test of a fixed level (Ville).
 */
export type Accumulation = 'detector' | 'product';

/** Log-evidence before the first bucket. */
export function beginning(kind: Accumulation): number {
  return kind === 'detector' ? -Infinity : 0;
}

/** Log-evidence after a bucket whose own log-e-value is `increment`. */
export function accumulate(kind: Accumulation, before: number, increment: number): number {
  return increment + (kind === 'detector' ? log1pExp(before) : before);
}

/** What a bucket added to the log-evidence. */
export function gainOf(kind: Accumulation, before: number, after: number): number {
  if (kind === 'detector') return after - log1pExp(before);
  return after - (before === -Infinity ? 0 : before);
}
