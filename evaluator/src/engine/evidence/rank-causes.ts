import type { CompiledEvidence } from '@guardspan/policy';
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
    const strata = new Map<string, { calls: number; events: number; score: number; allowed: number }>();
    for (const [stratum, group, counts] of since.rows) {
      const n = (counts[0] ?? 0) + (counts[1] ?? 0);
      const s = counts[1] ?? 0;
      const rest = others(since, stratum, group, test.reference);
      if (n === 0 || rest.calls === 0 || group === test.reference) continue;
      const allowed = Math.min(1, Math.max(0, test.ratio * smoothed(rest.events, rest.calls) - test.margin));
      const after = s / n;
      const off = test.sided === 'both' || after < allowed;
      const score = off ? gain(n, after, Math.min(1 - 1e-9, Math.max(1e-9, allowed))) : 0;
      causes.push({
        kind: 'group',
        field: test.attribute,
        value: label(stratum, group),
        calls: n,
        after,
        before: allowed,
        score,
      });
      if (stratum === '') continue;
      const sum = strata.get(stratum) ?? { calls: 0, events: 0, score: 0, allowed };
      strata.set(stratum, {
        calls: sum.calls + n,
        events: sum.events + s,
        score: sum.score + score,
        allowed: sum.allowed,
      });
    }
    for (const [stratum, { calls, events, score, allowed }] of strata)
      causes.push({
        kind: 'stratum',
        field: test.strata.join(', '),
        value: label(stratum, ''),
        calls,
        after: events / calls,
        before: allowed,
        score,
      });
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
    const pooled = columnsOf(since);
    const total = [...pooled.values()].reduce((sum, one) => sum + one, 0);
    for (const [stratum, group, counts] of since.rows) {
      const calls = counts.reduce((sum, one) => sum + one, 0);
      counts.forEach((count, column) => {
        const name = since.categories[column] ?? String(column);
        const reference = smoothed((pooled.get(name) ?? 0) - count, total - calls);
        const after = calls === 0 ? 0 : count / calls;
        const score = gain(calls, after, reference);
        const value = `${binName(name, test.edges)} in ${label(stratum, group)}`;
        causes.push({ kind: 'bin', field: test.of, value, calls: count, after, before: reference, score });
      });
    }
  }
  return causes.sort((a, b) => b.score - a.score || (a.value < b.value ? -1 : 1)).slice(0, MOST);
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
