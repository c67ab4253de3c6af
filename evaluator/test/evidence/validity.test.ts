import type { Evidence, EvidenceMode, EvidenceTest } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import type { CellRows } from '../../src/count/cells/cell-counts.js';
import { createJudge } from '../../src/evidence/create-judge.js';
import { betOn, GapBets } from '../../src/evidence/gap-bets.js';
import type { Judge } from '../../src/evidence/judge.js';
import { lnGamma } from '../../src/evidence/special.js';

const NONE: CellRows = { rows: [], categories: [], units: 0, parts: [] };
const FIXED: Evidence['promise'] = { falseAlarms: null, per: 0, alpha: 0.05 };
const LASTING: Evidence['promise'] = { falseAlarms: 1, per: 1000, alpha: null };
const STRATIFIED: EvidenceTest = {
  ...{ type: 'rateGap', attribute: 'g', of: '', among: 'true', ratio: 1, margin: 0 },
  ...{ reference: 'a', groups: [], sided: 'both', strata: ['features.department'] },
};
const ASSOCIATION: EvidenceTest = { type: 'association', of: '', attribute: 'g', among: 'true', strata: [], edges: [] };

function judgeOf(test: EvidenceTest, mode: EvidenceMode, promise: Evidence['promise']): Judge {
  return createJudge({ test, mode, promise, maxSeries: 1, explainBy: [] });
}

/** P(s events in n trials). */
function pmf(s: number, n: number, p: number): number {
  if (p === 0 || p === 1) return s === n * p ? 1 : 0;
  return Math.exp(lnGamma(n + 1) - lnGamma(s + 1) - lnGamma(n - s + 1) + s * Math.log(p) + (n - s) * Math.log1p(-p));
}

describe('comparisons that join later add no evidence by joining', () => {
  it.each(['iid', 'robust'] as const)('a stratum that nobody saw before, mode %s', (mode) => {
    const judge = judgeOf(STRATIFIED, mode, FIXED);
    let state = judge.initial();
    for (const s of [10, 25, 12, 28, 15]) {
      const rows: CellRows['rows'] = [
        ['["law"]', 'a', [40 - s, s]],
        ['["law"]', 'b', [s, 40 - s]],
      ];
      state = judge.step(state, { ...NONE, rows }, NONE);
    }
    const before = judge.evidence(state);
    expect(before).toBeLessThan(-0.05);
    // A first bucket that says nothing by itself: no alternative has been learned, and too few calls for a standardised difference.
    const rows: CellRows['rows'] = [
      ['["art"]', 'a', [5, 5]],
      ['["art"]', 'b', [5, 5]],
    ];
    expect(judge.evidence(judge.step(state, { ...NONE, rows }, NONE))).toBeCloseTo(before, 12);
  });

  it.each([FIXED, LASTING])('a category that only some outcomes of a bucket show, by exact enumeration', (promise) => {
    const judge = judgeOf(ASSOCIATION, 'robust', promise);
    const bucket = (sa: number, na: number, sb: number, nb: number): CellRows => ({
      ...NONE,
      categories: ['rare', 'usual'],
      rows: [
        ['', 'a', [sa, na - sa]],
        ['', 'b', [sb, nb - sb]],
      ],
    });
    let state = judge.step(judge.initial(), bucket(0, 90, 0, 30), NONE);
    state = judge.step(state, bucket(0, 90, 0, 30), NONE);
    let sum = 0;
    for (let sa = 0; sa <= 90; sa++) {
      for (let sb = 0; sb <= 30; sb++) {
        const weight = pmf(sa, 90, 0.02) * pmf(sb, 30, 0.02);
        if (weight > 1e-15) sum += weight * Math.exp(judge.evidence(judge.step(state, bucket(sa, 90, sb, 30), NONE)));
      }
    }
    const before = Math.exp(judge.evidence(state));
    expect(sum).toBeLessThanOrEqual((promise === FIXED ? before : 1 + before) + 1e-9);
  });
});

describe('the standardised difference of two groups', () => {
  it.each([
    [1, 0],
    [0.8, 0],
    [0.5, 0],
    [0.2, 0.02],
    [0.9, 0.1],
  ])('has no expected gain at ratio %d and margin %d on the border of H0, by exact enumeration', (ratio, margin) => {
    const bets = new GapBets('robust', 'detector', ratio, margin);
    const initial = bets.initial();
    for (const [na, nb] of [
      [30, 30],
      [33, 30],
      [40, 30],
      [30, 75],
      [200, 30],
    ] as const) {
      for (const p of [0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1]) {
        const q = ratio * p - margin;
        if (q < 0) continue;
        const sums = initial.logs.map(() => 0);
        for (let sa = 0; sa <= na; sa++) {
          const weight = pmf(sa, na, p);
          if (weight < 1e-13) continue;
          for (let sb = 0; sb <= nb; sb++) {
            const both = weight * pmf(sb, nb, q);
            if (both < 1e-15) continue;
            bets.step(initial, { sa, na, sb, nb }).logs.forEach((log, j) => (sums[j]! += both * Math.exp(log)));
          }
        }
        for (const sum of sums) expect(sum, `${na} and ${nb} at ${p}`).toBeLessThanOrEqual(1 + 1e-9);
      }
    }
  });
});

describe('a bet on the standardised difference', () => {
  it('has values at x and -x whose sum is 2 at most, and never falls with x', () => {
    let before = -Infinity;
    for (let y = -6; y <= 60; y += 0.01) {
      expect(betOn(y)).toBeGreaterThanOrEqual(before);
      before = betOn(y);
      expect(Math.exp(betOn(y)) + Math.exp(betOn(-y))).toBeLessThanOrEqual(2 + 1e-12);
    }
  });

  it.each([50, 1_000, 20_000, 1_000_000])('finds gaps of any size with %d calls of each group in a bucket', (n) => {
    for (const behind of [0.4, 0.2, 0.01]) {
      const bets = new GapBets('robust', 'detector', 0.8, 0);
      let state = bets.initial();
      for (let k = 0; k < 60; k++) state = bets.step(state, { sa: 0.6 * n, na: n, sb: behind * n, nb: n });
      // Half a nat from each bucket is the most, less what a mean over three bets costs.
      expect(bets.evidence(state), `${behind}`).toBeGreaterThan(behind === 0.4 ? 17 : 25);
    }
  });
});

/** Events of `n` trials at rate `p`; the same in each run. */
function drawer(seed: number): (n: number, p: number) => number {
  let state = seed;
  return (n, p) => {
    let s = 0;
    for (let i = 0; i < n; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      if (state / 2 ** 32 < p) s++;
    }
    return s;
  };
}

it.each(['iid', 'robust'] as const)('a long calm does not delay what follows it, mode %s', (mode) => {
  const judge = judgeOf(ASSOCIATION, mode, LASTING);
  const delays = [1, 2, 3, 4, 5].map((seed) => {
    const draw = drawer(seed);
    let state = judge.initial();
    const next = (p: number): void => {
      const [a, b] = [draw(50, 0.3), draw(50, p)];
      const rows: CellRows['rows'] = [
        ['', 'a', [50 - a, a]],
        ['', 'b', [50 - b, b]],
      ];
      state = judge.step(state, { ...NONE, categories: ['no', 'yes'], rows }, NONE);
    };
    for (let k = 0; k < 3_000; k++) next(0.3);
    let delay = 0;
    for (; judge.evidence(state) < Math.log(20_000) && delay < 500; delay++) next(0.2);
    return delay;
  });
  expect(delays.sort((x, y) => x - y)[2], delays.join()).toBeLessThan(60);
});
