import type { Evidence, EvidenceTest } from '@guardspan/policy';
import { MEAN_UNITS } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import type { CellRows } from '../../src/count/cells/cell-counts.js';
import { createJudge } from '../../src/evidence/create-judge.js';

const PREVIOUS = { field: 'model_version', value: 'previous' };
const BINS = 32;

const rate = (share: number): CellRows => ({
  rows: [['', '', [100 - 100 * share, 100 * share]]],
  categories: [],
  units: 0,
  parts: [],
});

/** 100 values whose mean, in the range from 10 to 20, is `mean`. */
function values(mean: number): CellRows {
  const scaled = (mean - 10) / 10;
  const counts = new Array<number>(BINS).fill(0);
  counts[Math.floor(scaled * BINS)] = 100;
  return { rows: [['', '', counts]], categories: [], units: Math.round(100 * scaled * MEAN_UNITS), parts: [] };
}

/** Evidence after 100 buckets like one another. */
function evidenceOf(test: EvidenceTest, own: CellRows, arm: CellRows): number {
  const promise = { falseAlarms: null, per: 0, alpha: 0.05 } as unknown as Evidence['promise'];
  const judge = createJudge({ test, promise, mode: 'robust', maxSeries: 1, explainBy: [] });
  let state = judge.initial();
  for (let k = 0; k < 100; k++) state = judge.step(state, own, arm);
  return judge.evidence(state);
}

const reference = { among: 'true', limit: null, baseline: null, against: PREVIOUS, tolerance: 0.2 } as const;

describe('a share against a concurrent arm, with a tolerance of a fifth', () => {
  const test = (direction: 'up' | 'down'): EvidenceTest => ({ type: 'rate', of: '', ...reference, direction });

  it.each([
    ['up', 0.4, 0.2],
    ['down', 0.1, 0.2],
  ] as const)('is found to have gone %s from what the arm has', (direction, own, arm) => {
    expect(evidenceOf(test(direction), rate(own), rate(arm))).toBeGreaterThan(5);
  });

  it.each([
    ['up', 'the other way', 0.1, 0.2],
    ['up', 'within the tolerance', 0.23, 0.2],
    ['down', 'the other way', 0.4, 0.2],
    ['down', 'within the tolerance', 0.17, 0.2],
  ] as const)('says nothing (%s) of a share that differs %s', (direction, _how, own, arm) => {
    expect(evidenceOf(test(direction), rate(own), rate(arm))).toBeLessThanOrEqual(0);
  });
});

describe('a mean against a concurrent arm, in a range that does not begin at 0', () => {
  const test = (direction: 'up' | 'down'): EvidenceTest => ({
    type: 'mean',
    of: '',
    range: [10, 20],
    ...reference,
    direction,
  });

  // A fifth of the arm's mean in its own unit: from 12 up to 14.4, from 18 down to 14.4.
  it.each([
    ['up', 15.5, 12],
    ['down', 13, 18],
  ] as const)('is found beyond its tolerance (%s)', (direction, own, arm) => {
    expect(evidenceOf(test(direction), values(own), values(arm))).toBeGreaterThan(5);
  });

  it.each([
    ['up', 'within the tolerance', 14, 12],
    ['up', 'the other way', 11, 18],
    ['down', 'within the tolerance', 15, 18],
    ['down', 'the other way', 18, 12],
  ] as const)('says nothing (%s) of a mean that differs %s', (direction, _how, own, arm) => {
    expect(evidenceOf(test(direction), values(own), values(arm))).toBeLessThanOrEqual(0);
  });

  it.each([
    ['up', 15, 12],
    ['down', 14, 18],
  ] as const)('names the information of a call beyond its tolerance, none within it (%s)', (direction, own, arm) => {
    const promise = { falseAlarms: 1, per: 100, alpha: null };
    const judge = createJudge({ test: test(direction), promise, mode: 'robust', maxSeries: 1, explainBy: [] });
    expect(judge.information(values(own), values(arm), judge.initial())).toBeGreaterThan(0);
    expect(judge.information(values(14.4), values(direction === 'up' ? 12.1 : 17.9), judge.initial())).toBe(0);
  });
});
