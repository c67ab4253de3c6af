import type { RevisedGuardrail } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { readMapping, readTable, replay } from '../../src/replay/index.js';
import type { ReplayResult } from '../../src/replay/replay.js';
import { documents } from '../engine/support.js';

const MAPPING = 'apiVersion: guardspan/v1alpha1\nkind: CallMapping\n';

function guardrail(spec: string): RevisedGuardrail[] {
  return documents(
    `apiVersion: guardspan/v1alpha1\nkind: Guardrail\nmetadata: {name: g}\nspec: {${spec}, action: {annotate: {attributes: {a: b}}}}`,
  );
}

function run(spec: string, mapping: string, rows: string[]): ReplayResult {
  const how = readMapping(MAPPING + mapping, 'm.mapping');
  const { calls } = readTable(rows.join('\n'), 'calls.csv', how);
  return replay(guardrail(spec), calls, 'row' in how.time ? { perBucket: how.time.perBucket } : null);
}

/** Decisions about two teams in turn; those about `b` are a quarter as often good when `gap`. */
function decisions(gap: boolean): string[] {
  const rows = ['team,result'];
  for (let i = 0; i < 400; i++) {
    const b = i % 2 === 1;
    const good = b && gap ? i % 16 === 1 : i % 4 < 2;
    rows.push(`${b ? 'b' : 'a'},${good ? 'good' : 'bad'}`);
  }
  return rows;
}

const GAP = `over: {every: 60s, groupBy: [model], test: {rateGap: {attribute: team, of: "output.label == 'good'"}}, promise: {alpha: 0.05}`;
const NAMED = 'time: {row: filtered, perBucket: 50}\nmodel: {value: m}\noutput: {label: result}\ngroup: {team: team}\n';

describe('hints of a replay', () => {
  it('say that there are too few buckets for a change that shows, and mode iid finds it', () => {
    const robust = run(`${GAP}}`, NAMED, decisions(true));
    expect(robust.timeline).toEqual([]);
    expect(robust.guardrails[0]!.hints).toEqual([expect.stringContaining('`mode: iid` tells more from the same rows')]);
    const iid = run(`${GAP}, mode: iid}`, NAMED, decisions(true));
    expect(iid.timeline.map(({ to }) => to)).toEqual(['firing']);
    expect(iid.guardrails[0]!.hints).toEqual([]);
    expect(run(`${GAP}}`, NAMED, decisions(false)).guardrails[0]!.hints).toEqual([]);
  });

  it('name what no call has: a group, a stratum, a field of a condition', () => {
    const spec = GAP.replace('of: "output.label == \'good\'"', `of: "features.score > 1.0", strata: [features.office]`);
    const { hints } = run(`${spec}}`, NAMED.replace('group: {team', 'group: {crew'), decisions(false)).guardrails[0]!;
    expect(hints.map((hint) => /`(.*?)`/.exec(hint)![1])).toEqual(['group.team', 'features.office', 'features.score']);
  });

  it('name groups that a document knows and no call has, with those that the calls have', () => {
    const named = GAP.replace('attribute: team', 'attribute: team, reference: A');
    expect(run(`${named}}`, NAMED, decisions(false)).guardrails[0]!.hints).toEqual([
      "no call that it judges is of group.team = 'A': the calls have group.team = 'a' (200), 'b' (200)",
    ]);
    const groups = GAP.replace('attribute: team', 'attribute: team, groups: [A, B]');
    expect(run(`${groups}}`, NAMED, decisions(false)).guardrails[0]!.hints[0]).toContain("group.team = 'A', 'B'");
    const one = run(
      `${GAP}}`,
      NAMED,
      decisions(false).filter((row) => !row.startsWith('b')),
    ).guardrails[0]!;
    expect(one.hints[0]).toContain(
      "of one group, and there is nothing to compare it with: the calls have group.team = 'a' (200)",
    );
  });

  it('name the values of a field when a condition holds for none of a small table', () => {
    const wrong = GAP.replace("'good'", "'Good'");
    expect(run(`${wrong}}`, NAMED, decisions(false).slice(0, 101)).guardrails[0]!.hints[0]).toContain(
      "holds for none of 100 calls: the calls have output.label = 'good' (50), 'bad' (50)",
    );
  });

  it('name what the signals of a threshold read and no call has', () => {
    const spec = `over: {window: 60s, every: 10s, minSamples: 10, signals: {good: {ratio: "features.score > 1.0", among: "output.label == 'good'"}}}, when: "good > 0.5"`;
    const { hints } = run(spec, NAMED.replace('{row: filtered, perBucket: 50}', '{rowsPerSecond: 5}'), decisions(false))
      .guardrails[0]!;
    expect(hints).toEqual([
      'no call has `features.score`, which the guard-rail reads: see which names the mapping gives',
    ]);
  });

  it('say which models there are when a guard-rail is about none of them', () => {
    const { hints } = run(`match: {models: [other]}, ${GAP}}`, NAMED, decisions(false)).guardrails[0]!;
    expect(hints).toEqual(['`match` fits none of 400 calls; their models: m']);
  });
});

describe('a comparison with the version before', () => {
  it.each([
    ['v9', 'v10'],
    ['v10', 'v9'],
  ])('goes by name where both are there from the first bucket, whichever comes first: %s, %s', (first, second) => {
    const rows = ['version,error'];
    // Every eighth call of the newer one fails, none of the older.
    for (let i = 0; i < 6000; i++)
      rows.push(`${i % 2 ? second : first},${i % 16 === (first === 'v10' ? 0 : 1) ? 'timeout' : ''}`);
    const { guardrails } = run(
      `over: {every: 10s, groupBy: [model, model_version], maxSeries: 2, test: {rate: {of: "error.type != ''", against: {model_version: previous}, tolerance: 0.1}}, promise: {falseAlarms: 1, per: 1d}}`,
      'time: {rowsPerSecond: 10}\nmodel: {value: m}\nversion: version\nerror: error\n',
      rows,
    );
    const crossed = guardrails[0]!.evidence.filter(({ evidence }) => evidence.crossedAt > 0);
    expect(crossed.map(({ series }) => series['model_version'])).toEqual(['v10']);
  });
});

describe('a mapping that is wrong', () => {
  const told = (text: string): string => {
    try {
      readMapping(MAPPING + text, 'm.mapping');
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };

  it('is told with all that is wrong and what belongs there', () => {
    expect(told('modle: {value: a}\n').split('\n')).toEqual([
      expect.stringMatching(/^m\.mapping: time: it is missing; write \{iso: COLUMN\}, /),
      'm.mapping: model: it is missing; write COLUMN, {value: CONSTANT} or {column: COLUMN, map: {from: to}}',
      expect.stringMatching(/^m\.mapping: unknown key "modle"; the keys are apiVersion, kind, .*model, /),
    ]);
    expect(told('time: {isso: when}\nmodel: {value: a}\n')).toMatch(
      /^m\.mapping: time: what is written is none of the forms/,
    );
    expect(told('time: {rowsPerSecond: 5}\nmodel: {value: a}\ngroup: {sex: {colum: s}}\n')).toMatch(
      /^m\.mapping: group\.sex: what is written is none of the forms; write COLUMN/,
    );
  });
});
