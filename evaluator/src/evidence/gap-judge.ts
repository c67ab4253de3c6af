import type { EvidenceMode, RateGapTest } from '@guardspan/policy';
import type { CellRows } from '../count/cells/cell-counts.js';
import { byStratum, pairOf } from './cells.js';
import type { RateCounts } from './cells.js';
import type { Accumulation } from './detector.js';
import { accumulate, beginning, gainOf } from './detector.js';
import { GapBets } from './gap-bets.js';
import type { GapState, Pair } from './gap-bets.js';
import { EFFECT_ALPHA } from './judge.js';
import type { Effect, Judge } from './judge.js';
import { ratioOf } from './rate-judge.js';
import { klBernoulli, logMeanExp } from './special.js';

/** Comparisons by stratum and by what is compared; JSON. */
export interface GapJudgeState {
  /** `<stratum>\0<a>\0<b>`: b against a (empty: against all others). */
  pairs: { [key: string]: GapState };
  /** `<a>\0<b>` over all strata together, by alternative (`iid` with strata). */
  pooled: { [key: string]: number[] };
}

/** Comparisons that one series keeps; groups and strata come from calls. */
const MAX_PAIRS = 512;

/**
 * Judges rates of groups: no group may have less than `ratio` times the rate of the reference (or of all others), less `margin`, in any stratum. Groups are compared
 * within the same bucket and the same stratum only, so neither seasons nor a mix of strata that differs by group (Simpson's paradox) fools it. The evidence
 * is the mean over all comparisons (and over all strata together), each an e-process by itself; which of them exist depends on sizes only.
 */
export function gapJudge(test: RateGapTest, mode: EvidenceMode, kind: Accumulation): Judge<GapJudgeState> {
  const bets = new GapBets(mode, kind, test.ratio, test.margin);
  const stratified = test.strata.length > 0;
  /** What is compared among these groups: [a, b], where b may not fall behind a. */
  const comparisons = (groups: Iterable<string>): [string, string][] => {
    const known = [...groups].sort();
    const list: [string, string][] = [];
    if (test.reference === '') {
      // With two groups, "b against the others" is "b against a"; both directions are asked.
      for (const b of known) list.push(['', b]);
      return list;
    }
    for (const b of known) {
      if (b === test.reference) continue;
      list.push([test.reference, b]);
      if (test.sided === 'both') list.push([b, test.reference]);
    }
    return list;
  };
  const evidence = (state: GapJudgeState): number => {
    const logs = [
      ...Object.values(state.pairs).map((pair) => bets.evidence(pair)),
      ...Object.values(state.pooled).map(logMeanExp),
    ];
    return logs.length === 0 ? beginning(kind) : logMeanExp(logs);
  };
  return {
    initial: () => ({ pairs: {}, pooled: {} }),
    step(state, bucket) {
      const pairs = { ...state.pairs };
      const together = new Map<string, number[]>();
      // A comparison that joins an e-process takes a share of what the others have: beginning anew at 1 would give each latecomer another chance.
      const start = kind === 'product' ? evidence(state) : beginning(kind);
      let count = Object.keys(pairs).length;
      for (const [stratum, groups] of byStratum(bucket)) {
        for (const [a, b] of comparisons(groups.keys())) {
          const key = `${stratum}\0${a}\0${b}`;
          const before = pairs[key] ?? (count++ < MAX_PAIRS ? bets.initial(start) : undefined);
          if (before === undefined) continue;
          const pair = pairOf(groups, a, b);
          pairs[key] = bets.step(before, pair);
          if (!stratified || mode !== 'iid') continue;
          const both = `${a}\0${b}`;
          const increments = bets.increments(before.learned, pair);
          const others = together.get(both);
          together.set(both, others === undefined ? increments : increments.map((own, j) => own + others[j]!));
        }
      }
      const pooled = { ...state.pooled };
      for (const [key, increments] of together) {
        const known = pooled[key];
        pooled[key] = increments.map((own, j) => accumulate(kind, known?.[j] ?? start, own));
      }
      return { pairs, pooled };
    },
    evidence,
    gain: (before, after) => gainOf(kind, before, after),
    effect: (totals) => gapEffect(test, comparisons, totals),
    information(totals) {
      let most = 0;
      for (const groups of byStratum(totals).values()) {
        for (const [a, b] of comparisons(groups.keys()))
          most = Math.max(most, pairInformation(test, pairOf(groups, a, b)));
      }
      return most;
    },
    whole: () => true,
  };
}

/** The ratio of the comparison that is furthest behind, as far as its confidence sequence tells; levels are shared by all comparisons. */
function gapEffect(
  test: RateGapTest,
  comparisons: (groups: Iterable<string>) => [string, string][],
  totals: CellRows,
): Effect | undefined {
  const pairs: { own: RateCounts; other: RateCounts }[] = [];
  for (const groups of byStratum(totals).values()) {
    for (const [a, b] of comparisons(groups.keys())) {
      const { sa, na, sb, nb } = pairOf(groups, a, b);
      if (na > 0 && nb > 0) pairs.push({ own: { s: sb, n: nb }, other: { s: sa, n: na } });
    }
  }
  let worst: Effect | undefined;
  for (const { own, other } of pairs) {
    const ratio = ratioOf(own, other, EFFECT_ALPHA / pairs.length);
    if (Number.isNaN(ratio.value)) continue;
    const effect = { name: 'ratio', ...ratio, limit: test.ratio, above: false };
    if (worst === undefined || effect.upper < worst.upper) worst = effect;
  }
  return worst;
}

/** Nats that a call of either group is expected to add (`iid`), when groups are as in these counts. */
export function pairInformation(
  { ratio, margin }: Pick<RateGapTest, 'ratio' | 'margin'>,
  { sa, na, sb, nb }: Pair,
): number {
  if (na === 0 || nb === 0) return 0;
  const [a, b] = [sa / na, sb / nb];
  const allowed = Math.min(1 - 1e-9, ratio * a - margin);
  if (allowed <= 0 || b >= allowed) return 0;
  // Both groups tell: the common point between them, weighted by size.
  const middle = (na * a + nb * Math.min(1, (b + margin) / ratio)) / (na + nb);
  const common = Math.min(1 - 1e-9, Math.max(1e-9, middle));
  const below = Math.min(1 - 1e-9, Math.max(1e-9, ratio * common - margin));
  return (na * klBernoulli(a, common) + nb * klBernoulli(b, below)) / (na + nb);
}
