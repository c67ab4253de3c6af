import { edge } from './rate-interval.js';
import type { Interval } from './rate-interval.js';
import { logMeanExp } from './special.js';

/** Bets of the interval, as parts of the largest ones. */
const STAKES = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9];

/**
 * Confidence sequence of the mean of values in [0, 1] from their histogram: the means that betting on the bins does not refute at level alpha (Waudby-Smith and
 * Ramdas, arXiv 2010.09686, with a mixture over fixed bets, so that it is a function of the counts). Bins are taken at the end that favours the mean in
 * question, so that it is as wide as a bin at least.
 *
 * @param counts by bin of equal width
 */
export function meanInterval(counts: readonly number[], alpha: number): Interval {
  const bins = counts.length;
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (n === 0) return [0, 1];
  const level = Math.log(1 / alpha);
  // Evidence that the mean is above m, and that it is below.
  const above = (m: number): number => lnBets(counts, (bin) => bin / bins, m);
  const below = (m: number): number => lnBets(counts, (bin) => 1 - (bin + 1) / bins, 1 - m);
  const inside = (m: number): boolean => logMeanExp([above(m), below(m)]) < level;
  const middle = counts.reduce((sum, count, bin) => sum + count * (bin + 0.5), 0) / bins / n;
  return [inside(0) ? 0 : edge(middle, 0, inside), inside(1) ? 1 : edge(middle, 1, inside)];
}

function lnBets(counts: readonly number[], value: (bin: number) => number, m: number): number {
  if (m <= 0) return Infinity;
  if (m >= 1) return -Infinity;
  return logMeanExp(
    STAKES.map((stake) => {
      const bet = stake / m;
      return counts.reduce(
        (sum, count, bin) => (count === 0 ? sum : sum + count * Math.log1p(bet * (value(bin) - m))),
        0,
      );
    }),
  );
}
