import { compileEvidence, type RecordedCall } from '@guardspan/policy';
import { expect, it } from 'vitest';
import { decodeCells } from '../../src/count/cells/cell-codec.js';
import { CellCounts, type CellRows } from '../../src/count/cells/cell-counts.js';
import { rowsOf } from '../../src/count/rows-of.js';
import { createJudge } from '../../src/evidence/create-judge.js';
import { documents, record, start } from './support.js';

const T0 = 1_800_000_000;
const NONE: CellRows = { rows: [], categories: [], units: 0, parts: [] };

function guardrail(test: string, mode: string): ReturnType<typeof documents> {
  return documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: g}
spec:
  over: {every: 1s, groupBy: [model], test: ${test}, promise: {falseAlarms: 1, per: 30d}, maxSeries: 1, mode: ${mode}}
  action: {annotate: {attributes: {a: b}}}
  mode: warn
`);
}

/** A second of 80 calls about two groups; from the fortieth on, failures of one of them are frequent. */
function second(k: number): RecordedCall[] {
  return Array.from({ length: 80 }, (_, i) => {
    const female = i % 2 === 0;
    const failed = (i + k) % (female && k >= 40 ? 4 : 16) < 2;
    const one = record(80 * k + i, T0 + k + i / 200, { error: failed ? 'timeout' : '' });
    one.call.group = { sex: female ? 'f' : 'm' };
    one.call.output.label = failed ? 'reject' : 'approve';
    return one;
  });
}

it.each([
  ['{rate: {of: "error.type != \'\'", max: 0.14}}', 'robust'],
  ['{rateGap: {attribute: sex, of: "error.type == \'\'", ratio: 0.8}}', 'robust'],
  ['{rateGap: {attribute: sex, of: "error.type == \'\'", ratio: 0.8}}', 'iid'],
  [
    '{drift: {of: output.label, baseline: {model: m, calls: 8000, categories: [approve, reject], counts: [7000, 1000]}}}',
    'robust',
  ],
  ['{association: {of: output.label, attribute: sex}}', 'iid'],
])('an explanation can be computed anew from its numbers and the closed buckets of the store: %s, %s', (test, mode) => {
  const { engine } = start(guardrail(test, mode), T0);
  const stored = new Map<number, CellRows>();
  for (let k = 0; k < 90; k++) {
    engine.accept(second(k), T0 + k + 0.6);
    for (const row of rowsOf(engine.takeCheckpoint().buckets)) stored.set(row.bucket, decodeCells(row.totals)!);
  }
  engine.tick(T0 + 100);
  for (const row of rowsOf(engine.takeCheckpoint().buckets)) stored.set(row.bucket, decodeCells(row.totals)!);
  // As it travels: JSON.
  const [report] = JSON.parse(JSON.stringify(engine.reports())) as ReturnType<typeof engine.reports>;

  const judge = createJudge(compileEvidence(guardrail(test, mode)[0]!).evidence);
  let state = judge.initial();
  const path: [number, number][] = [];
  for (const [at, cells] of [...stored].sort(([a], [b]) => a - b)) {
    expect(judge.whole(cells)).toBe(true);
    state = judge.step(state, cells, NONE, { at, calm: true });
    path.push([at, judge.evidence(state)]);
  }
  expect(stored.size).toBe(90);
  expect(report!.evidence.path).toEqual(path);
  expect(report!.evidence.value).toBe(path.at(-1)![1]);
  expect(path.find(([, value]) => value >= report!.evidence.threshold)![0] + 1).toBe(report!.evidence.crossedAt);

  const totals = new CellCounts();
  totals.merge(report!.recompute.before);
  totals.merge(report!.recompute.since);
  expect(totals.calls).toBe(report!.counters.calls);
  const all = new CellCounts();
  for (const cells of stored.values()) all.merge(cells);
  expect(totals.toRows()).toEqual(all.toRows());
  expect(judge.effect(totals.toRows(), report!.recompute.arm, state)).toEqual(report!.effect);
  expect(judge.effect(report!.recompute.since, report!.recompute.arm, state)).toEqual(report!.effectSinceOnset);
  for (const { group, rate, calls } of report!.groups) {
    const [, , [no, yes]] = totals.toRows().rows.find(([, name]) => name === group)!;
    expect([calls, rate]).toEqual([no! + yes!, yes! / (no! + yes!)]);
  }
});
