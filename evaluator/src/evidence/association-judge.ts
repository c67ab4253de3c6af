import type { AssociationTest, EvidenceMode } from '@guardspan/policy';
import type { CellRows } from '../count/cells/cell-counts.js';
import type { Accumulation } from './detector.js';
import { accumulate, beginning, gainOf } from './detector.js';
import { GapBets, MEMORY } from './gap-bets.js';
import type { GapState } from './gap-bets.js';
import { EFFECT_ALPHA } from './judge.js';
import type { Judge } from './judge.js';
import { rateInterval } from './rate-interval.js';
import { logMeanExp } from './special.js';

/** Counts by stratum, group and category. */
type Table = Map<string, Map<string, Map<string, number>>>;

/** What was learned, and log-evidence; JSON. */
export interface AssociationState {
  /** `<stratum>\0<group>\0<category>` to counts so far (`iid`). */
  learned: { [key: string]: number };
  whole: number;
  /** `<stratum>\0<group>\0<category>\0<up|down>` (`robust`). */
  pairs: { [key: string]: GapState };
}

const MAX_PAIRS = 1024;
/** Pseudo-counts of each category before anything was seen. */
const PRIOR = 0.5;

/**
 * Judges whether a field tells groups apart: H0 is that within each stratum of each bucket all groups have the same distribution. `iid`: likelihood ratio of
 * the learned distributions to their mean; it grows by the mutual information for each call. `robust`: one category and one group at a time,
 * against the rest, in both directions.
 */
export function associationJudge(
  _test: AssociationTest,
  mode: EvidenceMode,
  kind: Accumulation,
): Judge<AssociationState> {
  const bets = new GapBets('robust', kind, 1, 0);
  return {
    initial: () => ({ learned: {}, whole: beginning(kind), pairs: {} }),
    step: (state, bucket) =>
      mode === 'iid' ? stepIid(state, tableOf(bucket), kind) : stepRobust(state, tableOf(bucket), bets, kind),
    evidence(state) {
      return mode === 'iid' ? state.whole : robustEvidence(state.pairs, bets, kind);
    },
    gain: (before, after) => gainOf(kind, before, after),
    effect(totals) {
      const table = tableOf(totals);
      const value = informationOf(table);
      return Number.isNaN(value)
        ? undefined
        : { name: 'mutual_information', value, ...informationBounds(table), limit: 0, above: true };
    },
    information: (totals) => Math.max(0, informationOf(tableOf(totals)) || 0),
    whole: () => true,
  };
}

function tableOf({ rows, categories }: CellRows): Table {
  const table: Table = new Map();
  for (const [stratum, group, counts] of rows) {
    let groups = table.get(stratum);
    if (groups === undefined) table.set(stratum, (groups = new Map<string, Map<string, number>>()));
    const cells = groups.get(group) ?? new Map<string, number>();
    groups.set(group, cells);
    counts.forEach((count, column) => {
      const name = categories[column] ?? String(column);
      if (count > 0) cells.set(name, (cells.get(name) ?? 0) + count);
    });
  }
  return table;
}

function categoriesOf(groups: ReadonlyMap<string, ReadonlyMap<string, number>>): string[] {
  return [...new Set([...groups.values()].flatMap((cells) => [...cells.keys()]))].sort();
}

function sizeOf(cells: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of cells.values()) sum += count;
  return sum;
}

/** Stands for all categories that were not seen before a bucket: no bet may depend on what only the bucket itself shows. */
const UNSEEN = '\0unseen';

function stepIid(state: AssociationState, table: Table, kind: Accumulation): AssociationState {
  let increment = 0;
  const learned = { ...state.learned };
  const kept = kind === 'detector' ? MEMORY : 1;
  const seen = categoriesByStratum(Object.keys(state.learned));
  for (const [stratum, groups] of table) {
    const known = seen.get(stratum) ?? new Set<string>();
    const names = [...known].sort().concat(UNSEEN);
    const n = [...groups.values()].reduce((sum, cells) => sum + sizeOf(cells), 0);
    const shares = new Map<string, Map<string, number>>();
    const counts = new Map<string, Map<string, number>>();
    for (const [group, cells] of groups) {
      const weights = names.map((name) => (state.learned[`${stratum}\0${group}\0${name}`] ?? 0) + PRIOR);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      shares.set(group, new Map(names.map((name, index) => [name, weights[index]! / total])));
      const own = new Map<string, number>();
      for (const [name, count] of cells) {
        const as = known.has(name) ? name : UNSEEN;
        own.set(as, (own.get(as) ?? 0) + count);
      }
      counts.set(group, own);
    }
    for (const name of names) {
      let mean = 0;
      for (const [group, cells] of groups) mean += (sizeOf(cells) / n) * shares.get(group)!.get(name)!;
      for (const group of groups.keys()) {
        const count = counts.get(group)!.get(name) ?? 0;
        if (count > 0) increment += count * Math.log(shares.get(group)!.get(name)! / mean);
      }
    }
    for (const [group, cells] of groups) {
      for (const name of known) {
        const key = `${stratum}\0${group}\0${name}`;
        if (learned[key] !== undefined) learned[key] *= kept;
      }
      for (const [name, count] of cells) {
        const key = `${stratum}\0${group}\0${name}`;
        if (learned[key] !== undefined || Object.keys(learned).length < MAX_PAIRS) {
          learned[key] = (learned[key] ?? 0) + count;
        }
      }
    }
  }
  return { ...state, learned, whole: accumulate(kind, state.whole, increment) };
}

/**
 * A comparison bets from the bucket on that follows the one that showed its category: which categories a bucket shows depends on its outcomes, and no bet may.
 * From then on it takes part in every bucket with its group, also in those without the category.
 */
function stepRobust(state: AssociationState, table: Table, bets: GapBets, kind: Accumulation): AssociationState {
  const pairs = { ...state.pairs };
  const seen = categoriesByStratum(Object.keys(pairs));
  const joining: string[] = [];
  for (const [stratum, groups] of table) {
    if (groups.size < 2) continue;
    const names = new Set([...(seen.get(stratum) ?? []), ...categoriesOf(groups)]);
    const n = [...groups.values()].reduce((sum, cells) => sum + sizeOf(cells), 0);
    for (const name of [...names].sort()) {
      const all = [...groups.values()].reduce((sum, cells) => sum + (cells.get(name) ?? 0), 0);
      for (const [group, cells] of groups) {
        const own = { s: cells.get(name) ?? 0, n: sizeOf(cells) };
        const rest = { s: all - own.s, n: n - own.n };
        for (const direction of ['up', 'down'] as const) {
          const key = `${stratum}\0${group}\0${name}\0${direction}`;
          const before = pairs[key];
          const [a, b] = direction === 'up' ? [own, rest] : [rest, own];
          if (before === undefined) joining.push(key);
          else pairs[key] = bets.step(before, { sa: a.s, na: a.n, sb: b.s, nb: b.n });
        }
      }
    }
  }
  // Comparisons that join take a share of what the others have; beginning anew at 1 would give each latecomer another chance.
  const start = kind === 'product' ? robustEvidence(pairs, bets, kind) : beginning(kind);
  const room = MAX_PAIRS - Object.keys(pairs).length;
  for (const key of joining.slice(0, Math.max(0, room))) pairs[key] = bets.initial(start);
  return { ...state, pairs };
}

/** Names of categories by stratum in keys `<stratum>\0<group>\0<category>...`. */
function categoriesByStratum(keys: readonly string[]): Map<string, Set<string>> {
  const seen = new Map<string, Set<string>>();
  for (const key of keys) {
    const [stratum, , name] = key.split('\0') as [string, string, string];
    const names = seen.get(stratum) ?? new Set<string>();
    seen.set(stratum, names.add(name));
  }
  return seen;
}

function robustEvidence(pairs: AssociationState['pairs'], bets: GapBets, kind: Accumulation): number {
  const logs = Object.values(pairs).map((pair) => bets.evidence(pair));
  return logs.length === 0 ? beginning(kind) : logMeanExp(logs);
}

/** Mutual information of field and group within strata, nats for each call, less its bias (Miller and Madow). NaN without calls. */
function informationOf(table: Table): number {
  let [sum, calls] = [0, 0];
  for (const groups of table.values()) {
    const names = categoriesOf(groups);
    const n = [...groups.values()].reduce((total, cells) => total + sizeOf(cells), 0);
    calls += n;
    for (const name of names) {
      const all = [...groups.values()].reduce((total, cells) => total + (cells.get(name) ?? 0), 0);
      for (const cells of groups.values()) {
        const count = cells.get(name) ?? 0;
        if (count > 0) sum += count * Math.log((count * n) / (sizeOf(cells) * all));
      }
    }
    sum -= ((groups.size - 1) * (names.length - 1)) / 2;
  }
  return calls === 0 ? NaN : Math.max(0, sum / calls);
}

/**
 * Bounds of the mutual information that hold at every moment, from confidence sequences of every share: from below by Pinsker's inequality, from above by the
 * chi-squared distance. Wide, and honest.
 */
function informationBounds(table: Table): { lower: number; upper: number } {
  let cells = 0;
  for (const groups of table.values()) cells += groups.size * categoriesOf(groups).length * 2;
  const alpha = EFFECT_ALPHA / Math.max(1, cells);
  let [lower, upper, calls] = [0, 0, 0];
  for (const groups of table.values()) {
    const names = categoriesOf(groups);
    const n = [...groups.values()].reduce((total, counts) => total + sizeOf(counts), 0);
    calls += n;
    for (const counts of groups.values()) {
      const size = sizeOf(counts);
      let [gap, distance] = [0, 0];
      for (const name of names) {
        const all = [...groups.values()].reduce((total, each) => total + (each.get(name) ?? 0), 0);
        const [from, to] = rateInterval(counts.get(name) ?? 0, size, alpha);
        const [meanFrom, meanTo] = rateInterval(all, n, alpha);
        gap = Math.max(gap, from - meanTo, meanFrom - to);
        distance += Math.max(to - meanFrom, meanTo - from, 0) ** 2 / Math.max(meanFrom, 1e-12);
      }
      lower += size * 2 * gap * gap;
      upper += size * distance;
    }
  }
  return calls === 0 ? { lower: 0, upper: Infinity } : { lower: lower / calls, upper: upper / calls };
}
