import type { AssociationTest, CompiledEvidence, RateGapTest } from '@guardspan/policy';
import { MEAN_UNITS } from '@guardspan/policy';
import type { CellRows } from '../../count/cells/cell-counts.js';
import type { Cause } from './report.js';

const MOST = 20;

/** Log-likelihood gain of `n` calls at rate `p` over rate `q`, nats; 0 when they agree. */
function gain(n: number, p: number, q: number): number {
  const part = (a: number, b: number): number => (a === 0 ? 0 : a * Math.log(a / b));
  return n * (part(p, q) + part(1 - p, 1 - q));
}

/** A rate that is never 0 or 1: half a call is added to both sides. */
function smoothed(events: number, calls: number): number {
  return (events + 0.5) / (calls + 1);
}

/**
 * What may have caused a change, the likeliest first. Each candidate (a value of a feature, a group, a stratum, a bin) is scored by the
 * likelihood that is gained when its calls since the onset get a rate of their own instead of the rate that they had before: a wider slice that only contains
 * the cause has a diluted rate, a narrower one has fewer calls, so the cause itself scores highest. Changes that go the harmless way score 0.
 */
export function rankCauses(
  before: CellRows,
  since: CellRows,
  { evidence }: Pick<CompiledEvidence, 'evidence'>,
): Cause[] {
  const { test } = evidence;
  const causes: Cause[] = [];
  const harmful = (after: number, reference: number): boolean =>
    'direction' in test && test.direction === 'down' ? after < reference : after > reference;

  if (test.type === 'rate' || test.type === 'latency' || test.type === 'mean') {
    const whole = sumParts(before, test.type === 'mean');
    const scale = test.type === 'mean' ? MEAN_UNITS : 1;
    const limit = test.limit === null ? NaN : test.type === 'mean' ? within(test.limit, test.range) : test.limit;
    const known = new Map(before.parts.map((part) => [`${part[0]}\n${part[1]}`, part]));
    for (const [index, value, calls, amount] of since.parts) {
      const old = known.get(`${index}\n${value}`);
      const reference =
        old !== undefined
          ? smoothed(old[3] / scale, old[2])
          : whole.calls > 0
            ? smoothed(whole.events, whole.calls)
            : Number.isNaN(limit)
              ? 0.5
              : limit;
      const after = amount / scale / calls;
      const score = harmful(after, reference) ? gain(calls, after, reference) : 0;
      causes.push({
        kind: 'feature',
        field: evidence.explainBy[index]!,
        value,
        calls,
        after,
        before: reference,
        score,
      });
    }
  } else if (test.type === 'rateGap') {
    causes.push(...gapCauses(since, test));
  } else if (test.type === 'drift') {
    const total = test.baseline.counts.reduce((sum, one) => sum + one, 0);
    const names = test.baseline.categories.length > 0 ? test.baseline.categories : undefined;
    const counts = columnsOf(since);
    const calls = [...counts.values()].reduce((sum, one) => sum + one, 0);
    for (const [name, count] of counts) {
      const at = names === undefined ? Number(name) : names.indexOf(name);
      const reference = smoothed(test.baseline.counts[at] ?? 0, total);
      const after = count / calls;
      const score = Math.abs(after - reference) > test.tolerance ? gain(calls, after, reference) : 0;
      causes.push({
        kind: 'bin',
        field: test.of,
        value: binName(name, test.baseline.edges),
        calls: count,
        after,
        before: reference,
        score,
      });
    }
  } else {
    causes.push(...associationCauses(before, since, test));
  }
  return causes.sort((a, b) => b.score - a.score || (a.value < b.value ? -1 : 1)).slice(0, MOST);
}

/** A group in a stratum that is off, and what is allowed it. */
interface Cell {
  stratum: string;
  group: string;
  calls: number;
  events: number;
  allowed: number;
  score: number;
}

/** Cells of groups and strata, and where there are strata the whole groups and whole strata. */
function gapCauses(since: CellRows, test: RateGapTest): Cause[] {
  const cells: Cell[] = [];
  for (const [stratum, group, counts] of since.rows) {
    const calls = (counts[0] ?? 0) + (counts[1] ?? 0);
    const events = counts[1] ?? 0;
    const rest = others(since, stratum, group, test.reference);
    if (calls === 0 || rest.calls === 0 || group === test.reference) continue;
    const allowed = Math.min(1, Math.max(0, test.ratio * smoothed(rest.events, rest.calls) - test.margin));
    const off = test.sided === 'both' || events / calls < allowed;
    const score = off ? gain(calls, events / calls, Math.min(1 - 1e-9, Math.max(1e-9, allowed))) : 0;
    cells.push({ stratum, group, calls, events, allowed, score });
  }
  const field = test.attribute;
  const causes = cells.map((cell) => causeOf('group', field, label(cell.stratum, cell.group), [cell], cell.score));
  if (test.strata.length === 0) return causes;
  for (const [group, own] of grouped(cells, ({ group: one }) => one))
    causes.push(causeOf('group', field, group, own, together(own)));
  for (const [stratum, own] of grouped(cells, ({ stratum: one }) => one))
    causes.push(causeOf('stratum', test.strata.join(', '), label(stratum, ''), own, together(own)));
  return causes;
}

/** What each further cell must explain before a wider cause is likelier than the narrower one, nats: chance alone gives as much in one cell of three hundred. */
const PRICE = 4;

/** Score of a cause that would be seen in several cells: that of the first, and of the others what is no chance. */
function together(cells: readonly Cell[]): number {
  const scores = cells.map(({ score }) => score).sort((a, b) => b - a);
  // A wider cause that is not seen in a second cell is the narrower one.
  return scores.reduce((sum, score, index) => sum + (index === 0 ? score : Math.max(0, score - PRICE)), -1e-6);
}

function grouped(cells: readonly Cell[], by: (cell: Cell) => string): Map<string, Cell[]> {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) groups.set(by(cell), [...(groups.get(by(cell)) ?? []), cell]);
  return groups;
}

function causeOf(kind: Cause['kind'], field: string, value: string, cells: readonly Cell[], score: number): Cause {
  const sum = (of: (cell: Cell) => number): number => cells.reduce((total, cell) => total + of(cell), 0);
  const calls = sum((cell) => cell.calls);
  const before = sum((cell) => cell.allowed * cell.calls) / calls;
  return { kind, field, value, calls, after: sum((cell) => cell.events) / calls, before, score: Math.max(0, score) };
}

/**
 * Bins or categories of a group, each against the other groups of its stratum. With two groups both differ from each other alike, so where there was a time before, the
 * cause is the one that differs from its own past too.
 */
function associationCauses(before: CellRows, since: CellRows, test: AssociationTest): Cause[] {
  const causes: Cause[] = [];
  for (const [stratum, group, counts] of since.rows) {
    const calls = total(counts);
    const old = before.rows.find(([inStratum, one]) => inStratum === stratum && one === group);
    counts.forEach((count, column) => {
      const name = since.categories[column] ?? String(column);
      const [rest, restCalls] = columnOf(since, stratum, (other) => other !== group, name);
      const reference = smoothed(rest, restCalls);
      const after = calls === 0 ? 0 : count / calls;
      const own = old === undefined ? [0, 0] : columnOf(before, stratum, (other) => other === group, name);
      const past = gain(calls, after, smoothed(own[0]!, own[1]!));
      const score = Math.min(gain(calls, after, reference), own[1]! > 0 ? past : Infinity);
      const value = `${binName(name, test.edges)} in ${label(stratum, group)}`;
      causes.push({ kind: 'bin', field: test.of, value, calls: count, after, before: reference, score });
    });
  }
  return causes;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, one) => sum + one, 0);
}

/** Calls of some groups of a stratum with a category or bin, and all of their calls. */
function columnOf(
  { rows, categories }: CellRows,
  stratum: string,
  takes: (group: string) => boolean,
  name: string,
): [count: number, calls: number] {
  let [found, calls] = [0, 0];
  for (const [inStratum, group, counts] of rows) {
    if (inStratum !== stratum || !takes(group)) continue;
    calls += total(counts);
    counts.forEach((count, column) => {
      if ((categories[column] ?? String(column)) === name) found += count;
    });
  }
  return [found, calls];
}

/** Name of a bin of a number by its ends. */
function binName(name: string, edges: readonly number[]): string {
  if (edges.length === 0) return name;
  const at = Number(name);
  if (at === 0) return `<= ${edges[0]}`;
  return at >= edges.length ? `> ${edges.at(-1)}` : `${edges[at - 1]} .. ${edges[at]}`;
}

/** Group and stratum as people read them. */
export function label(stratum: string, group: string): string {
  const parts = stratum === '' ? '' : stratum.startsWith('[') ? (JSON.parse(stratum) as string[]).join(', ') : stratum;
  return group === '' ? parts : parts === '' ? group : `${group} in ${parts}`;
}

function within(value: number, [low, high]: readonly [number, number]): number {
  return (value - low) / (high - low);
}

function sumParts({ rows, units }: CellRows, mean: boolean): { calls: number; events: number } {
  let calls = 0;
  let events = 0;
  for (const [, , counts] of rows) {
    for (const count of counts) calls += count;
    events += counts[1] ?? 0;
  }
  return { calls, events: mean ? units / MEAN_UNITS : events };
}

function others(
  { rows }: CellRows,
  stratum: string,
  group: string,
  reference: string,
): { calls: number; events: number } {
  let calls = 0;
  let events = 0;
  for (const [inStratum, other, counts] of rows) {
    if (inStratum !== stratum || other === group || (reference !== '' && other !== reference)) continue;
    calls += (counts[0] ?? 0) + (counts[1] ?? 0);
    events += counts[1] ?? 0;
  }
  return { calls, events };
}

function columnsOf({ rows, categories }: CellRows): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [, , counts] of rows)
    counts.forEach((count, column) => {
      const name = categories[column] ?? String(column);
      sums.set(name, (sums.get(name) ?? 0) + count);
    });
  return sums;
}
