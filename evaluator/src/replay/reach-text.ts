import { formatDuration } from '@guardspan/policy';
import type { CompiledEvidence, Evidence } from '@guardspan/policy';
import { byStratum } from '../evidence/cells.js';
import type { Counted } from '../evidence/breaches.js';
import { MIN_GROUP } from '../evidence/gap-bets.js';
import { evidenceReach, wouldFire } from '../evidence/reach.js';
import type { Reach } from '../evidence/reach.js';
import { CellCounts } from '../count/cells/cell-counts.js';
import type { CellRows } from '../count/cells/cell-counts.js';
import { MIN_CELL } from '../engine/evidence/for-people.js';
import type { EvidenceReport } from '../engine/evidence/report.js';

/** Why a test that stayed silent did, in numbers and words. */
export interface ToldReach extends Reach {
  /** Changes of the document, or more calls, each of which alone would let the largest breach be found; empty when it could be. */
  remedies: string[];
  text: string;
}

/** What a recording of so many times the calls would do. */
const LONGER = [2, 4, 8, 16, 32, 64, 128, 256];
const FIXED = { falseAlarms: null, per: 0, alpha: 0.05 } as const;

/**
 * What a series that never reached its threshold could have shown: the least breach that these calls would have told, or why no breach at all would have been. Undefined for one that
 * reached it, and where nothing can be said ({@link evidenceReach}).
 *
 * @param series Series that the guard-rail has seen
 */
export function toldReach(report: EvidenceReport, compiled: CompiledEvidence, series: number): ToldReach | undefined {
  if (report.evidence.crossedAt >= 0 || report.counters.buckets === 0) return undefined;
  const { evidence, over } = compiled;
  const { before, since, arm } = report.recompute;
  const counted = { totals: sum(before, since), arm, buckets: report.counters.buckets };
  const reach = evidenceReach(evidence, over.bucket, counted, report.evidence.robust?.sufficient);
  if (reach === undefined) return undefined;
  const shown = reach.group !== '' && reach.calls < MIN_CELL ? { ...reach, group: 'the smallest group' } : reach;
  const remedies =
    shown.fromMiddle === null ? remediesFor(evidence, over.bucket, counted, series, shown.fromStart !== null) : [];
  const text =
    shown.fromStart === null
      ? couldNotTell(shown, evidence, counted)
      : couldTell(shown, evidence) + sooner(shown, evidence, over.bucket, counted);
  return { ...shown, remedies, text: `${text}${toDo(remedies, shown)}` };
}

function sum(one: CellRows, other: CellRows): CellRows {
  const all = new CellCounts();
  all.merge(one);
  all.merge(other);
  return all.toRows();
}

function couldTell(reach: Reach, evidence: Evidence): string {
  const { fromStart, fromMiddle } = reach;
  const middle =
    fromMiddle === null
      ? 'of none that begins in the middle'
      : `${sized(fromMiddle, evidence)} if it begins in the middle`;
  return `These calls would have told ${breachOf(reach, evidence)} ${sized(fromStart!, evidence)} from the first bucket on, ${middle}${allowedBy(reach, evidence)}.`;
}

function couldNotTell(reach: Reach, evidence: Evidence, counted: Counted): string {
  const most = Number.isFinite(reach.most)
    ? `the evidence would have come to ${round(reach.most)} of ${round(reach.threshold)} nats`
    : 'there would have been no evidence at all';
  return `It could not have fired: ${worstOf(reach, evidence)}, ${most}. ${bets(reach, evidence, counted)}`;
}

function toDo(remedies: readonly string[], { fromStart }: Reach): string {
  if (remedies.length === 0) return '';
  const what = fromStart === null ? 'a breach' : 'one that begins in the middle';
  return ` To find ${what}, each of these would do: ${remedies.join('; ')}.`;
}

/** A fixed test counts the calm before a change against it; a promise about the length of the recording does not. */
function sooner(reach: Reach, evidence: Evidence, every: number, counted: Counted): string {
  const { alpha } = evidence.promise;
  if (alpha === null) return '';
  const per = every * counted.buckets;
  const watched = evidenceReach({ ...evidence, promise: { falseAlarms: alpha, per, alpha: null } }, every, counted);
  const least = watched?.fromMiddle ?? null;
  if (least === null || Math.abs(least - reach.allowed) >= Math.abs((reach.fromMiddle ?? Infinity) - reach.allowed))
    return '';
  return ` With \`promise: { falseAlarms: ${alpha}, per: ${formatDuration(per)} }\` and \`maxSeries: ${evidence.maxSeries}\` it would be ${sized(least, evidence)} if it begins in the middle.`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function isUp({ test }: Evidence): boolean {
  return !('direction' in test) || test.direction === 'up';
}

function breachOf({ group }: Reach, { test }: Evidence): string {
  if (test.type === 'rateGap') return `a rate of ${group} of`;
  if (test.type === 'mean') return 'a mean of';
  return test.type === 'drift' ? 'a move from the largest bin to the second of' : 'a share of';
}

function sized(value: number, evidence: Evidence): string {
  const { test } = evidence;
  const shown = test.type === 'mean' ? String(Number(value.toPrecision(3))) : percent(value);
  const calls = test.type === 'drift' ? ' of the calls' : '';
  return `${shown}${calls} or ${test.type === 'drift' || (test.type !== 'rateGap' && isUp(evidence)) ? 'more' : 'less'}`;
}

function allowedBy({ allowed }: Reach, evidence: Evidence): string {
  const { test } = evidence;
  if (test.type === 'drift') return '';
  const shown = test.type === 'mean' ? String(Number(allowed.toPrecision(3))) : percent(allowed);
  return `; allowed is ${test.type !== 'rateGap' && isUp(evidence) ? 'at most' : 'at least'} ${shown}`;
}

function worstOf({ group }: Reach, { test }: Evidence): string {
  switch (test.type) {
    case 'rateGap':
      return `if \`${test.of}\` had held for no call of ${group}`;
    case 'rate':
      return `if \`${test.of}\` had held for ${test.direction === 'up' ? 'every' : 'no'} call`;
    case 'latency':
      return `if ${test.direction === 'up' ? 'every' : 'no'} call had taken longer than its limit`;
    case 'mean':
      return `if every value had been ${test.range[test.direction === 'up' ? 1 : 0]}`;
    default:
      return 'if all calls of the largest bin had moved to the second';
  }
}

/** What kept the evidence low: how many bets there were, and the calls in them. */
function bets(
  { group, calls, buckets, threshold }: Reach,
  { mode, test, maxSeries, promise }: Evidence,
  counted: Counted,
): string {
  const few = `${Math.round(calls)} calls${group === '' ? '' : ` of ${group}`} in ${buckets} bucket(s)`;
  const strict = `The promise asks for ${round(threshold)} nats${maxSeries > 1 ? ` (${promise.alpha === null ? 'its period' : 'its level'} and ${maxSeries} series)` : ''}.`;
  if (mode !== 'robust') return `There were ${few}. ${strict}`;
  if (test.type === 'rateGap') {
    const smallest = Math.min(
      ...[...byStratum(counted.totals).values()].flatMap((groups) => [...groups.values()].map(({ n }) => n)),
    );
    const most = Math.min(buckets, Math.floor(smallest / MIN_GROUP));
    return `There were ${few}: \`mode: robust\` bets when each group has ${MIN_GROUP} more calls, ${most} time(s) here, for half a nat at most. ${strict}`;
  }
  return `There were ${few}: \`mode: robust\` bets once on each. ${strict}`;
}

/** Changes that would let the largest breach be found, each tried; `middle` asks for one that begins in the middle. */
function remediesFor(evidence: Evidence, every: number, counted: Counted, series: number, middle: boolean): string[] {
  const { mode, maxSeries, promise } = evidence;
  const changes: [name: string, change: Partial<Evidence>][] = [];
  if (mode === 'robust') changes.push(['`mode: iid`, if each call is a person or session of its own', { mode: 'iid' }]);
  if (maxSeries > series) changes.push([`\`maxSeries: ${series}\``, { maxSeries: series }]);
  if (promise.alpha === null)
    changes.push([
      `\`promise: { alpha: 0.05 }\` with \`maxSeries: ${series}\`, one test of the whole recording`,
      { promise: FIXED, maxSeries: series },
    ]);
  const fires = (change: Partial<Evidence>): boolean => wouldFire({ ...evidence, ...change }, every, counted, middle);
  const working = changes.filter(([, change]) => fires(change)).map(([name]) => name);
  if (working.length === 0 && changes.length > 1) {
    const all = Object.assign({}, ...changes.map(([, change]) => change)) as Partial<Evidence>;
    if (fires(all)) working.push(changes.map(([name]) => name).join(' together with '));
  }
  if (mode === 'robust' && wouldFire(evidence, every / 4, longer(counted, 0.25), middle))
    working.push('buckets a quarter as long');
  const times = LONGER.find((factor) => wouldFire(evidence, every, longer(counted, factor), middle));
  if (times !== undefined) {
    const calls = counted.totals.rows.reduce((all, [, , row]) => all + row.reduce((own, count) => own + count, 0), 0);
    working.push(`about ${calls * times} calls like these`);
  }
  return working;
}

/** So many times the calls in buckets of the same size; of a quarter, the same calls in buckets of a quarter of the size. */
function longer({ totals, arm, buckets }: Counted, times: number): Counted {
  if (times < 1) return { totals, arm, buckets: Math.round(buckets / times) };
  return { totals: scaled(totals, times), arm: scaled(arm, times), buckets: buckets * times };
}

function scaled(cells: CellRows, times: number): CellRows {
  return {
    ...cells,
    rows: cells.rows.map(([stratum, group, counts]) => [stratum, group, counts.map((count) => count * times)]),
    units: cells.units * times,
  };
}
