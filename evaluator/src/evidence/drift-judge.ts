import { OTHER } from '@guardspan/policy';
import type { DriftTest, EvidenceMode } from '@guardspan/policy';
import type { CellRows } from '../count/cells/cell-counts.js';
import { columnSums } from './cells.js';
import type { Accumulation } from './detector.js';
import { gainOf } from './detector.js';
import { EFFECT_ALPHA } from './judge.js';
import type { Judge } from './judge.js';
import { rateInterval } from './rate-interval.js';
import { projectShares, ShareBets, shareBounds } from './share-bets.js';
import type { ShareState } from './share-bets.js';
import { wassersteinOf } from './wasserstein.js';

/** Judges the distribution of a field against frozen counts. */
export function driftJudge(test: DriftTest, mode: EvidenceMode, kind: Accumulation): Judge<ShareState> {
  const { categories, counts, edges } = test.baseline;
  // What is not listed has a bin of its own, also when the baseline saw none of it.
  const names = edges.length > 0 || categories.includes(OTHER) ? categories : [...categories, OTHER];
  const reference = edges.length > 0 || categories.includes(OTHER) ? counts : [...counts, 0];
  const bounds = shareBounds(reference, test.tolerance);
  const bets = new ShareBets(mode, kind, bounds);
  const countsOf = (cells: CellRows): number[] => {
    const sums = columnSums(cells, reference.length);
    if (edges.length > 0) return sums.slice(0, reference.length);
    const own = names.map(() => 0);
    cells.categories.forEach((name, column) => {
      const index = names.indexOf(name);
      own[index === -1 ? names.indexOf(OTHER) : index]! += sums[column] ?? 0;
    });
    return own;
  };
  return {
    initial: () => bets.initial(),
    step: (state, bucket) => bets.step(state, countsOf(bucket)),
    evidence: (state) => bets.evidence(state),
    gain: (before, after) => gainOf(kind, before, after),
    effect(totals) {
      const own = countsOf(totals);
      const n = own.reduce((sum, count) => sum + count, 0);
      if (n === 0) return undefined;
      const limit = allowedPsi(bounds.center, test.tolerance);
      const psi = { name: 'psi', ...psiOf(own, reference), limit, above: true };
      return edges.length < 2 ? psi : { ...psi, wasserstein: wassersteinOf(own, reference, edges) };
    },
    information(totals) {
      const own = countsOf(totals);
      const n = own.reduce((sum, count) => sum + count, 0);
      if (n === 0) return 0;
      const q = own.map((count) => count / n);
      const nearest = projectShares(q, bounds.lower, bounds.upper);
      return q.reduce((sum, share, b) => (share === 0 ? sum : sum + share * Math.log(share / nearest[b]!)), 0);
    },
    whole: () => true,
  };
}

/**
 * Population stability index of counts against reference counts, less what it is on average without any drift, (B - 1)(1/n + 1/m) (Yurdakul 2018). The interval
 * lets each share of the counts lie anywhere in its confidence sequence.
 */
export function psiOf(
  counts: readonly number[],
  reference: readonly number[],
): { value: number; lower: number; upper: number } {
  const bins = counts.length;
  const n = counts.reduce((sum, count) => sum + count, 0);
  const m = reference.reduce((sum, count) => sum + count, 0);
  const term = (p: number, q: number): number => (p - q) * Math.log(p / q);
  let [value, lower, upper] = [0, 0, 0];
  counts.forEach((count, b) => {
    const q = (reference[b]! + 0.5) / (m + bins / 2);
    value += term((count + 0.5) / (n + bins / 2), q);
    const [from, to] = rateInterval(count, n, EFFECT_ALPHA / bins);
    const ends = [term(Math.max(from, 1e-9), q), term(to, q)];
    lower += from <= q && q <= to ? 0 : Math.min(...ends);
    upper += Math.max(...ends);
  });
  return { value: Math.max(0, value - (bins - 1) * (1 / n + 1 / m)), lower, upper };
}

/** The index when the tolerated share moves between the two largest bins. */
function allowedPsi(center: readonly number[], tolerance: number): number {
  const [first = 0.5, second = 0.5] = [...center].sort((a, b) => b - a);
  const moved = Math.min(tolerance, second * 0.999);
  return moved * Math.log((first + moved) / first) + moved * Math.log(second / (second - moved));
}
