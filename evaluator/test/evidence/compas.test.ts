import { existsSync, readFileSync } from 'node:fs';
import type { Evidence, EvidenceMode, RateGapTest } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import type { CellRows } from '../../src/count/cells/cell-counts.js';
import { createJudge } from '../../src/evidence/create-judge.js';

const FILE = new URL('../../../../shared/data/compas/compas-scores-two-years.csv', import.meta.url);
const present = existsSync(FILE);
if (!present) console.log('skipped: the COMPAS table is not on this machine (../shared/data/compas)');

interface Row {
  date: string;
  id: number;
  group: string;
  predicted: boolean;
  outcome: boolean;
}

function rows(): Row[] {
  const [head, ...lines] = readFileSync(FILE, 'utf8').trim().split('\n');
  const names = head!.split(',').map((name) => name.trim());
  const column = (name: string): number => names.indexOf(name);
  const at = ['compas_screening_date', 'id', 'race', 'score_text', 'two_year_recid'].map(column);
  return lines
    .map((line) => line.split(','))
    .map((cells) => ({
      date: cells[at[0]!]!,
      id: Number(cells[at[1]!]),
      group: cells[at[2]!]!,
      predicted: cells[at[3]!] !== 'Low',
      outcome: cells[at[4]!]!.trim() === '1',
    }))
    .filter(({ group }) => group === 'African-American' || group === 'Caucasian')
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.id - b.id));
}

const test: RateGapTest = {
  type: 'rateGap',
  attribute: 'race',
  of: '',
  among: 'true',
  ratio: 1,
  margin: 0,
  reference: '',
  groups: [],
  sided: 'both',
  strata: [],
};

/** Final log-evidence over buckets of 50 rows, and the number of rows at which it first reached ln 20. */
function judged(list: readonly (readonly [group: string, event: boolean])[], mode: EvidenceMode, ratio = 1) {
  const evidence: Evidence = {
    test: { ...test, ratio },
    promise: { falseAlarms: null, per: 0, alpha: 0.05 },
    mode,
    maxSeries: 1,
    explainBy: [],
  };
  const judge = createJudge(evidence);
  let state = judge.initial();
  let crossed = -1;
  const none: CellRows = { rows: [], categories: [], units: 0, parts: [] };
  for (let from = 0; from < list.length; from += 50) {
    const bucket = new Map<string, [number, number]>();
    for (const [group, event] of list.slice(from, from + 50)) {
      const counts = bucket.get(group) ?? [0, 0];
      counts[event ? 1 : 0]++;
      bucket.set(group, counts);
    }
    const cells = {
      ...none,
      rows: [...bucket].map(([group, counts]): CellRows['rows'][number] => ['', group, counts]),
    };
    state = judge.step(state, cells, none);
    if (crossed < 0 && judge.evidence(state) >= Math.log(20)) crossed = Math.min(from + 50, list.length);
  }
  return { final: judge.evidence(state), crossed };
}

describe.runIf(present)('the COMPAS table as a stream, against figures computed apart from this code', () => {
  const all = present ? rows() : [];
  const fpr = all.filter(({ outcome }) => !outcome).map(({ group, predicted }) => [group, predicted] as const);
  const fnr = all.filter(({ outcome }) => outcome).map(({ group, predicted }) => [group, !predicted] as const);
  const ppv = all.filter(({ predicted }) => predicted).map(({ group, outcome }) => [group, outcome] as const);
  const selection = all.map(({ group, predicted }) => [group, predicted] as const);

  it('false positive rates of 44.85 and 23.45 %', () => {
    const rate = (wanted: string): number => {
      const own = fpr.filter(([group]) => group === wanted);
      return own.filter(([, event]) => event).length / own.length;
    };
    expect(rate('African-American')).toBeCloseTo(0.4485, 4);
    expect(rate('Caucasian')).toBeCloseTo(0.2345, 4);
  });
  it('equal false positive rates are refuted: 71.5673 nats, ln 20 at row 200', () => {
    const { final, crossed } = judged(fpr, 'iid');
    expect(final).toBeCloseTo(71.5673, 3);
    expect(crossed).toBe(200);
  });
  it('equal false negative rates are refuted: 46.8518 nats, ln 20 at row 400', () => {
    const { final, crossed } = judged(fnr, 'iid');
    expect(final).toBeCloseTo(46.8518, 3);
    expect(crossed).toBe(400);
  });
  it('equal selection is refuted: 151.9640 nats', () => expect(judged(selection, 'iid').final).toBeCloseTo(151.964, 3));
  it('predictive parity never is: 1.0551 nats at the end', () => {
    const { final, crossed } = judged(ppv, 'iid');
    expect(final).toBeCloseTo(1.0551, 3);
    expect(crossed).toBe(-1);
  });
});
