import { MEAN_BINS, MEAN_UNITS } from '@guardspan/policy';
import type { Evidence, MeanBaseline, MovingBaseline } from '@guardspan/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellRows } from '../../src/count/cells/cell-counts.js';
import { createJudge } from '../../src/evidence/create-judge.js';
import { lowerMeanBound, upperMeanBound } from '../../src/evidence/mean-bound.js';
import { lnGamma } from '../../src/evidence/special.js';
import { seededRandom as random } from '../../../demo/src/seeded-random.js';

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Monday, 00:00 UTC. */
const MONDAY = Date.UTC(2026, 0, 5) / 1000;
const ORIGIN = { model: 'm', version: '', featureView: '', from: 0, to: 0 };
const RANGE: [number, number] = [10, 30];

/** A bucket of values, scaled to [0, 1]. */
function bucket(values: readonly number[]): CellRows {
  const histogram = new Array<number>(MEAN_BINS).fill(0);
  let units = 0;
  for (const x of values) {
    histogram[Math.min(MEAN_BINS - 1, Math.floor(x * MEAN_BINS))]! += 1;
    units += Math.round(x * MEAN_UNITS);
  }
  return { rows: [['', '', histogram]], categories: [], units, parts: [] };
}

/** Values spread by 0.3 around a mean between 0.15 and 0.85. */
function drawn(next: () => number, n: number, mean: number): CellRows {
  return bucket(Array.from({ length: n }, () => mean + (next() - 0.5) * 0.3));
}

/** Highest at noon. */
const seasonal = (hour: number): number => 0.4 + 0.2 * Math.sin(((hour - 6) / 24) * 2 * Math.PI);
const real = (x: number): number => RANGE[0] + x * (RANGE[1] - RANGE[0]);

/** Means of `n` calls in each hour, drawn. */
function seasonalBaseline(next: () => number, n: number): MeanBaseline {
  const means = Array.from({ length: 24 }, (_, hour) => real(drawn(next, n, seasonal(hour)).units / MEAN_UNITS / n));
  const mean = means.reduce((sum, one) => sum + one, 0) / 24;
  const calls = means.map(() => n);
  return { ...ORIGIN, calls: 24 * n, mean, lower: mean, upper: mean, season: { by: 'hourOfDay', calls, means } };
}

function evidenceOf(baseline: MeanBaseline, moving?: MovingBaseline, direction: 'up' | 'down' = 'up'): Evidence {
  return {
    test: {
      ...{ type: 'mean', of: '', among: 'true', range: RANGE, limit: null, baseline, against: null, tolerance: 0 },
      direction,
      ...(moving === undefined ? {} : { moving }),
    },
    promise: { falseAlarms: 0.05, per: 30 * DAY, alpha: null },
    mode: 'robust',
    maxSeries: 1,
    explainBy: [],
  };
}

/** Hour of the first alarm of an hourly stream; Infinity without one. */
function alarmOf(evidence: Evidence, hours: number, bucketOf: (hour: number) => CellRows): number {
  const judge = createJudge(evidence);
  const threshold = Math.log((30 * 24) / 0.05);
  let state = judge.initial();
  for (let hour = 0; hour < hours; hour++) {
    const calm = judge.evidence(state) < threshold;
    state = judge.step(state, bucketOf(hour), bucket([]), { at: MONDAY + hour * HOUR, calm });
    if (judge.evidence(state) >= threshold) return hour;
  }
  return Infinity;
}

describe('the bound of a mean', () => {
  it('fails with the probability that it says at most, by exact enumeration of coins, which are spread as widely as can be', () => {
    for (const [n, alpha] of [
      [20, 0.05],
      [200, 0.01],
    ] as const) {
      for (let p = 0.02; p < 1; p += 0.02) {
        let [over, under] = [0, 0];
        for (let s = 0; s <= n; s++) {
          const weight = Math.exp(
            lnGamma(n + 1) - lnGamma(s + 1) - lnGamma(n - s + 1) + s * Math.log(p) + (n - s) * Math.log1p(-p),
          );
          if (upperMeanBound(s / n, n, alpha) < p) over += weight;
          if (lowerMeanBound(s / n, n, alpha) > p) under += weight;
        }
        expect(Math.max(over, under)).toBeLessThanOrEqual(alpha);
      }
    }
    expect(upperMeanBound(0.3, 0, 0.01)).toBe(1);
    expect(upperMeanBound(0.3, 10_000, 0.01)).toBeCloseTo(0.314, 3);
  });
});

describe('the mean of a baseline with a season', () => {
  it('keeps the promise on honest days, with means that are estimated', () => {
    const alarms = Array.from({ length: 30 }, (_, seed) => {
      const next = random(seed + 1);
      const baseline = seasonalBaseline(next, 2_000);
      return alarmOf(evidenceOf(baseline), 30 * 24, (hour) => drawn(next, 50, seasonal(hour)));
    }).filter((hour) => hour < Infinity).length;
    expect(alarms).toBeLessThanOrEqual(5);
  });

  it('knows its hours: a night as bad as noon and a noon as low as night are found', () => {
    const next = random(9);
    const baseline = seasonalBaseline(next, 5_000);
    const at = (from: number, to: number, mean: number) => (hour: number) =>
      drawn(next, 50, hour % 24 >= from && hour % 24 < to ? mean : seasonal(hour));
    for (const [direction, bucketOf] of [
      ['up', at(0, 6, 0.45)],
      ['down', at(9, 15, 0.25)],
    ] as const) {
      const found = alarmOf(evidenceOf(baseline, undefined, direction), 30 * 24, bucketOf);
      expect(found, direction).toBeLessThan(24 * 8);
    }
  });
});

describe('the mean of a baseline that moves', () => {
  const BASELINE: MeanBaseline = { ...ORIGIN, calls: 20_000, mean: real(0.4), lower: real(0.39), upper: real(0.41) };
  const ROLLING: MovingBaseline = { window: 7 * DAY, lag: 0, budget: 1.5 };

  it.each(['up', 'down'] as const)('%s: never goes beyond its budget, whatever is fed to it', (direction) => {
    const judge = createJudge(evidenceOf(BASELINE, ROLLING, direction));
    const fed = fc.array(
      fc.record({
        values: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }),
        hours: fc.integer({ min: 1, max: 60 }),
        calm: fc.boolean(),
      }),
      { minLength: 20, maxLength: 60 },
    );
    fc.assert(
      fc.property(fed, (steps) => {
        let [state, at] = [judge.initial(), MONDAY];
        for (const { values, hours, calm } of steps) {
          at += hours * HOUR;
          state = judge.step(state, bucket(values), bucket([]), { at, calm });
          const { moved, limit, budget } = judge.reference!(state);
          expect(Math.abs(Math.log(moved))).toBeLessThanOrEqual(Math.log(budget) + 1e-9);
          expect(limit).toBeGreaterThan(RANGE[0]);
          expect(limit).toBeLessThan(RANGE[1]);
          // As a checkpoint has it.
          state = JSON.parse(JSON.stringify(state)) as unknown;
        }
      }),
      { numRuns: 60 },
    );
  });

  it('follows what stays within its budget, and finds a slow poisoner that one without a budget would follow', () => {
    const next = random(3);
    const crept = (perDay: number, most: number) => (hour: number) =>
      drawn(next, 60, Math.min(most, 0.4 + (perDay * hour) / 24));
    expect(alarmOf(evidenceOf(BASELINE, ROLLING), 60 * 24, crept(0.001, 0.43))).toBe(Infinity);
    const caught = alarmOf(evidenceOf(BASELINE, ROLLING), 200 * 24, crept(0.004, 0.8));
    // Odds of 0.4 times 1.5 are those of 0.5: found before the mean is far beyond.
    expect(0.4 + (0.004 * caught) / 24).toBeLessThan(0.58);
    expect(alarmOf(evidenceOf(BASELINE, { ...ROLLING, budget: 10 }), 200 * 24, crept(0.004, 0.8))).toBe(Infinity);
  });
});
