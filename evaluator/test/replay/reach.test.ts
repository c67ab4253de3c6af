import { describe, expect, it } from 'vitest';
import { readMapping, readTable, replay } from '../../src/replay/index.js';
import type { ReplayedGuardrail } from '../../src/replay/index.js';
import { documents } from '../engine/support.js';

const MAPPING =
  'apiVersion: guardspan/v1alpha1\nkind: CallMapping\ntime: {row: filtered, perBucket: 40}\nmodel: {value: m}\nfeatures: {x: x}\noutput: {label: result}\ngroup: {team: team}\n';

function run(test: string, rest: string, rows: string[]): ReplayedGuardrail {
  const revised = documents(
    `apiVersion: guardspan/v1alpha1\nkind: Guardrail\nmetadata: {name: g}\nspec: {over: {every: 60s, groupBy: [model], test: ${test}, ${rest}}, action: {annotate: {attributes: {a: b}}}, mode: warn}`,
  );
  const mapping = readMapping(MAPPING, 'm');
  return replay(revised, readTable(['team,result,x', ...rows].join('\n'), 'c.csv', mapping).calls, { perBucket: 40 })
    .guardrails[0]!;
}

/** Rows of two teams by turns; each has its rate as evenly as can be, that of `b` from a row on. */
function decisions(rows: number, a: number, b: (row: number) => number): string[] {
  const due = { a: 0, b: 0 };
  return Array.from({ length: rows }, (_, i) => {
    const team = i % 2 === 0 ? 'a' : 'b';
    due[team] += team === 'a' ? a : b(i);
    const good = due[team] >= 1 - 1e-9;
    if (good) due[team] -= 1;
    return `${team},${good ? 'good' : 'bad'},0`;
  });
}

/** Rows of which this share is good. */
function shares(rows: number, share: number): string[] {
  let due = 0;
  return Array.from({ length: rows }, () => {
    due += share;
    const good = due >= 1 - 1e-9;
    if (good) due -= 1;
    return `a,${good ? 'good' : 'bad'},${good ? 80 : 20}`;
  });
}

const fired = ({ evidence }: ReplayedGuardrail): boolean => evidence[0]!.evidence.crossedAt >= 0;
const GAP = `{rateGap: {attribute: team, of: "output.label == 'good'", ratio: 0.8}}`;

describe('what a silent recording could have shown', () => {
  it('a table on which no gap at all would have fired says so, why, and what would do', () => {
    const silent = run(
      GAP,
      'promise: {falseAlarms: 1, per: 30d}',
      decisions(400, 0.5, () => 0.5),
    );
    const { reach } = silent.evidence[0]!;
    expect(reach).toMatchObject({ fromStart: null, fromMiddle: null, calls: 200, buckets: 10 });
    expect(reach!.text).toContain("It could not have fired: if `output.label == 'good'` had held for no call of");
    expect(reach!.text).toContain('`mode: robust` bets when each group has 30 more calls, 6 time(s) here');
    // The worst table there is comes to just what is said.
    const worst = run(
      GAP,
      'promise: {falseAlarms: 1, per: 30d}',
      decisions(400, 0.5, () => 0),
    );
    expect(fired(worst)).toBe(false);
    expect(worst.evidence[0]!.evidence.value).toBeCloseTo(worst.evidence[0]!.reach!.most, 6);
    // Each remedy is one.
    expect(reach!.remedies[0]).toContain('mode: iid');
    expect(
      fired(
        run(
          GAP,
          'promise: {falseAlarms: 1, per: 30d}, mode: iid',
          decisions(400, 0.5, () => 0),
        ),
      ),
    ).toBe(true);
    const calls = Number(/about (\d+) calls/.exec(reach!.remedies.at(-1)!)![1]);
    expect(
      fired(
        run(
          GAP,
          'promise: {falseAlarms: 1, per: 30d}',
          decisions(calls, 0.5, () => 0),
        ),
      ),
    ).toBe(true);
  });

  it('the least gap that it names is found, and a smaller one is not', () => {
    const settings = 'promise: {falseAlarms: 0.05, per: 20m}, mode: iid';
    const { reach } = run(
      GAP,
      settings,
      decisions(800, 0.6, () => 0.6),
    ).evidence[0]!;
    const [fromStart, fromMiddle] = [reach!.fromStart!, reach!.fromMiddle!];
    expect(fromMiddle).toBeLessThan(fromStart);
    expect(fromStart).toBeLessThan(0.48);
    expect(
      fired(
        run(
          GAP,
          settings,
          decisions(800, 0.6, () => fromStart - 0.03),
        ),
      ),
    ).toBe(true);
    expect(
      fired(
        run(
          GAP,
          settings,
          decisions(800, 0.6, () => fromStart + 0.03),
        ),
      ),
    ).toBe(false);
    expect(
      fired(
        run(
          GAP,
          settings,
          decisions(800, 0.6, (i) => (i < 400 ? 0.6 : fromMiddle - 0.03)),
        ),
      ),
    ).toBe(true);
    expect(
      fired(
        run(
          GAP,
          settings,
          decisions(800, 0.6, (i) => (i < 400 ? 0.6 : fromMiddle + 0.03)),
        ),
      ),
    ).toBe(false);
  });

  it('a fixed level says that a promise about the recording finds a change in the middle sooner, and it does', () => {
    const { reach } = run(
      GAP,
      'promise: {alpha: 0.05}, mode: iid',
      decisions(800, 0.6, () => 0.6),
    ).evidence[0]!;
    const [, per, least] = /falseAlarms: 0.05, per: (\w+) }` and `maxSeries: 1` it would be ([\d.]+) %/.exec(
      reach!.text,
    )!;
    const changed = decisions(800, 0.6, (i) => (i < 400 ? 0.6 : Number(least) / 100 - 0.03));
    expect(fired(run(GAP, 'promise: {alpha: 0.05}, mode: iid', changed))).toBe(false);
    expect(fired(run(GAP, `promise: {falseAlarms: 0.05, per: ${per}}, maxSeries: 1, mode: iid`, changed))).toBe(true);
  });

  it.each([
    ['a rate', `{rate: {of: "output.label == 'good'", max: 0.1}}`, (share: number) => share],
    ['a rate that may not fall', `{rate: {of: "output.label == 'bad'", min: 0.9}}`, (share: number) => 1 - share],
    ['a mean', '{mean: {of: "features.x", range: [0, 100], max: 26}}', (mean: number) => (mean - 20) / 60],
  ])('%s: the least that it names is found, and less is not', (_name, test, shareOf) => {
    for (const mode of ['robust', 'iid']) {
      const settings = `promise: {falseAlarms: 0.05, per: 20m}, mode: ${mode}`;
      const { reach } = run(test, settings, shares(800, 0.1)).evidence[0]!;
      const least = shareOf(reach!.fromStart!);
      // Means are reached by values at the end of the range, which tell `iid` a little more than these.
      expect(fired(run(test, settings, shares(800, least + 0.06))), mode).toBe(true);
      expect(fired(run(test, settings, shares(800, least - 0.04))), mode).toBe(false);
      expect(shareOf(reach!.fromMiddle!)).toBeGreaterThan(least);
    }
  });

  it('a distribution: a small table tells a large move only', () => {
    const test =
      '{drift: {of: output.label, baseline: {model: m, calls: 1000, categories: [bad, good], counts: [700, 300]}}}';
    const { reach } = run(test, 'promise: {falseAlarms: 0.05, per: 20m}', shares(800, 0.3)).evidence[0]!;
    expect(reach!.fromStart).toBeGreaterThan(0.05);
    const moved = (part: number): boolean =>
      fired(run(test, 'promise: {falseAlarms: 0.05, per: 20m}', shares(800, 0.3 + part)));
    expect(moved(reach!.fromStart! + 0.05)).toBe(true);
    expect(moved(reach!.fromStart! - 0.05)).toBe(false);
  });

  it('says nothing of one that reached its threshold, and names no group with fewer than ten calls', () => {
    expect(
      run(
        GAP,
        'promise: {alpha: 0.05}, mode: iid',
        decisions(400, 0.6, () => 0),
      ).evidence[0]!.reach,
    ).toBeUndefined();
    const rows = decisions(400, 0.6, () => 0.6).map((row, i) =>
      row.startsWith('b') && i > 12 ? row.replace('b', 'a') : row,
    );
    const { reach } = run(GAP, 'promise: {alpha: 0.05}', rows).evidence[0]!;
    expect(reach!.group).toBe('the smallest group');
  });
});
