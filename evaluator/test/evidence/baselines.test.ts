import { evidenceThreshold, seasonCell } from '@guardspan/policy';
import type { Evidence, MovingBaseline, RateBaseline, RateTest } from '@guardspan/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellRows } from '../../src/count/cells/cell-counts.js';
import { createJudge } from '../../src/evidence/create-judge.js';
import { upperRateBound } from '../../src/evidence/rate-bound.js';
import { seededRandom as random } from '../../../demo/src/seeded-random.js';

const full = process.env['GUARDSPAN_VERIFY'] === 'full';
const HOUR = 3600;
const DAY = 24 * HOUR;
const NONE: CellRows = { rows: [], categories: [], units: 0, parts: [] };
const ORIGIN = { model: 'm', version: '', featureView: '', from: 0, to: 0 };
/** Monday, 00:00 UTC. */
const MONDAY = Date.UTC(2026, 0, 5) / 1000;

function bucket(s: number, n: number): CellRows {
  return { ...NONE, rows: [['', '', [n - s, s]]] };
}

function drawn(next: () => number, n: number, p: number): CellRows {
  let s = 0;
  for (let i = 0; i < n; i++) if (next() < p) s++;
  return bucket(s, n);
}

/** A rate of odds times a daily wave: highest at noon. */
function seasonal(hour: number): number {
  return 0.04 * (1 + 0.6 * Math.sin(((hour - 6) / 24) * 2 * Math.PI));
}

/** Frozen counts of `n` calls in each hour of the day, at the rates of the season. */
function seasonalBaseline(n: number): RateBaseline {
  const events = Array.from({ length: 24 }, (_, hour) => Math.round(n * seasonal(hour)));
  const calls = events.map(() => n);
  const sum = events.reduce((total, one) => total + one, 0);
  return { ...ORIGIN, calls: 24 * n, events: sum, season: { by: 'hourOfDay', calls, events } };
}

function evidenceOf(baseline: RateBaseline, moving?: MovingBaseline, alpha: number | null = null): Evidence {
  const test: RateTest = {
    ...{ type: 'rate', of: '', among: 'true', limit: null, baseline, against: null, tolerance: 0, direction: 'up' },
    ...(moving === undefined ? {} : { moving }),
  };
  const promise = alpha === null ? { falseAlarms: 0.05, per: 30 * DAY, alpha } : { falseAlarms: null, per: 0, alpha };
  return { test, promise, mode: 'robust', maxSeries: 1, explainBy: [] };
}

interface Streamed {
  /** Buckets until the alarm; Infinity without one. */
  alarm: number;
  /** Largest limit that any bucket had. */
  highest: number;
  spent: boolean;
}

/** A stream with a bucket each hour through the judge, as the engine feeds it, until it alarms. */
function run(evidence: Evidence, buckets: Iterable<CellRows>): Streamed {
  const judge = createJudge(evidence);
  const threshold = evidenceThreshold(evidence, HOUR);
  let state = judge.initial();
  let highest = 0;
  let k = 0;
  for (const cells of buckets) {
    const calm = judge.evidence(state) < threshold;
    state = judge.step(state, cells, NONE, { at: MONDAY + k++ * HOUR, calm });
    highest = Math.max(highest, judge.reference?.(state).limit ?? 0);
    if (judge.evidence(state) >= threshold)
      return { alarm: k, highest, spent: judge.reference?.(state).spent ?? false };
  }
  return { alarm: Infinity, highest, spent: judge.reference?.(state).spent ?? false };
}

function* hours(days: number, next: () => number, n: number, rate: (hour: number) => number): Iterable<CellRows> {
  for (let hour = 0; hour < 24 * days; hour++) yield drawn(next, n, rate(hour));
}

const odds = (p: number): number => p / (1 - p);

describe('cells of a season', () => {
  it('are hours and days of UTC, weeks begin on Monday', () => {
    expect(seasonCell('hourOfWeek', MONDAY)).toBe(0);
    expect(seasonCell('dayOfWeek', MONDAY + 6 * DAY)).toBe(6);
    expect(seasonCell('hourOfDay', MONDAY + 3 * DAY + 5.5 * HOUR)).toBe(5);
    expect(seasonCell('hourOfWeek', MONDAY + DAY + HOUR)).toBe(25);
    expect(seasonCell('hourOfWeek', -1)).toBe(3 * 24 - 1);
  });
});

describe('a baseline with a season', () => {
  const BASELINE = seasonalBaseline(20_000);

  it('never lets the expected e-value of a bucket pass 1 at rates that it allows, whatever came before', () => {
    const judge = createJudge(evidenceOf(BASELINE, { window: 8 * DAY, lag: 0, budget: 1.5 }, 0.05));
    const n = 12;
    const before = fc.array(fc.tuple(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 24 * 12 })), { maxLength: 60 });
    fc.assert(
      fc.property(before, (history) => {
        let state = judge.initial();
        let hour = 0;
        for (const [s, later] of history) state = judge.step(state, bucket(s, 40), NONE, moment((hour += later)));
        const at = moment(hour + 1);
        const allowed = judge.reference!(judge.step(state, bucket(0, n), NONE, at)).limit;
        let expected = 0;
        for (let s = 0, weight = (1 - allowed) ** n; s <= n; s++) {
          expected +=
            weight * Math.exp(judge.evidence(judge.step(state, bucket(s, n), NONE, at)) - judge.evidence(state));
          weight *= ((n - s) / (s + 1)) * odds(allowed);
        }
        expect(expected).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: full ? 1000 : 100 },
    );
  });

  it('keeps the promise on an honest seasonal stream', () => {
    const streams = full ? 400 : 60;
    let alarms = 0;
    for (let seed = 1; seed <= streams; seed++)
      if (run(evidenceOf(BASELINE), hours(30, random(seed), 200, seasonal)).alarm < Infinity) alarms++;
    // 5 % are promised.
    expect(alarms).toBeLessThanOrEqual(0.05 * streams + 3 * Math.sqrt(0.05 * 0.95 * streams));
  });

  it('keeps a promise that nearly every honest stream breaks when the season is not declared', () => {
    const weekend = (hour: number): number => (Math.floor(hour / 24) % 7 < 5 ? 0.03 : 0.06);
    const calls = new Array<number>(7).fill(20_000);
    const events = calls.map((n, day) => n * weekend(24 * day));
    const flat = { ...ORIGIN, calls: 140_000, events: 5_400 };
    const declared = { ...flat, season: { by: 'dayOfWeek' as const, calls, events } };
    const alarms = (baseline: RateBaseline): number =>
      Array.from({ length: 30 }, (_, seed) =>
        run(evidenceOf(baseline), hours(30, random(seed + 1), 200, weekend)),
      ).filter(({ alarm }) => alarm < Infinity).length;
    expect(alarms(declared)).toBeLessThanOrEqual(5);
    expect(alarms(flat)).toBeGreaterThan(27);
  });

  it('finds a breach in one part of the day that is hidden in the whole', () => {
    // Nights as bad as noon: the average of the day stays what it was at noon or below.
    const night = (hour: number): number => (hour % 24 < 6 ? 0.064 : seasonal(hour));
    expect(run(evidenceOf(BASELINE), hours(30, random(7), 200, night)).alarm).toBeLessThan(24 * 10);
  });
});

describe('a baseline that moves', () => {
  const BASELINE: RateBaseline = { ...ORIGIN, calls: 100_000, events: 4_000 };
  const ROLLING: MovingBaseline = { window: 7 * DAY, lag: 0, budget: 1.5 };
  const LAGGED: MovingBaseline = { window: 7 * DAY, lag: 14 * DAY, budget: 1.5 };
  const bound = upperRateBound(BASELINE.events, BASELINE.calls, 0.005);

  it.each([
    ['rolling', ROLLING],
    ['lagged', LAGGED],
  ])('%s: never goes beyond its budget, whatever is fed to it', (_name, moving) => {
    const judge = createJudge(evidenceOf(BASELINE, moving));
    const fed = fc.array(
      fc.record({
        n: fc.integer({ min: 1, max: 5_000 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        hours: fc.integer({ min: 1, max: 60 }),
        calm: fc.boolean(),
      }),
      { minLength: 20, maxLength: 80 },
    );
    fc.assert(
      fc.property(fed, (buckets) => {
        let state = judge.initial();
        let hour = 0;
        for (const { n, share, hours: later, calm } of buckets) {
          const at = { at: MONDAY + (hour += later) * HOUR, calm };
          state = judge.step(state, bucket(Math.round(n * share), n), NONE, at);
          const { limit, moved } = judge.reference!(state);
          expect(moved).toBeLessThanOrEqual(1.5 * (1 + 1e-9));
          expect(moved).toBeGreaterThanOrEqual((1 / 1.5) * (1 - 1e-9));
          expect(odds(limit)).toBeLessThanOrEqual(1.5 * odds(bound) * (1 + 1e-9));
        }
      }),
      { numRuns: full ? 1000 : 100 },
    );
  });

  it.each([
    ['rolling', ROLLING],
    ['lagged', LAGGED],
  ])(
    '%s: finds a slow poisoner when its budget is spent, and says so; without a bound it would be led on',
    (_, moving) => {
      // 1 % a day: each day looks like the one before.
      const creep = (hour: number): number => Math.min(0.5, 0.04 * 1.01 ** (hour / 24));
      const stream = (): Iterable<CellRows> => hours(200, random(3), 200, creep);
      const found = run(evidenceOf(BASELINE, moving), stream());
      expect(found.alarm).toBeLessThan(Infinity);
      expect(odds(creep(found.alarm)) / odds(bound)).toBeLessThan(1.5 * 1.25);
      expect(odds(found.highest)).toBeLessThanOrEqual(1.5 * odds(bound) * (1 + 1e-9));
      // Seven times the rate at the end, and no alarm.
      if (moving.lag === 0) expect(run(evidenceOf(BASELINE, { ...moving, budget: 10 }), stream()).alarm).toBe(Infinity);
    },
  );

  it('says that its budget is spent when the window lies beyond it, and moves no more', () => {
    const judge = createJudge(evidenceOf(BASELINE, ROLLING));
    let state = judge.initial();
    const feed = (from: number, to: number, p: number): void => {
      for (let hour = from; hour < to; hour++)
        state = judge.step(state, bucket(Math.round(1_000 * p), 1_000), NONE, { at: MONDAY + hour * HOUR, calm: true });
    };
    feed(0, 200, 0.04);
    expect(judge.reference!(state)).toMatchObject({ kind: 'rolling', spent: false });
    feed(200, 400, 0.08);
    const spent = judge.reference!(state);
    expect(spent).toMatchObject({ spent: true, budget: 1.5 });
    expect(spent.spentAt).toBeGreaterThanOrEqual(MONDAY + 200 * HOUR);
    feed(400, 800, 0.01);
    expect(judge.reference!(state)).toMatchObject({ spent: true, spentAt: spent.spentAt, windowTo: spent.windowTo });
  });

  it.each([
    ['rolling', ROLLING],
    ['lagged', LAGGED],
  ])(
    '%s: keeps the promise on honest streams, also when their rate settles elsewhere within the budget',
    (_, moving) => {
      const streams = full ? 300 : 25;
      let alarms = 0;
      for (let seed = 1; seed <= streams; seed++) {
        const settled = (hour: number): number => 0.04 + 0.006 * Math.min(1, hour / (24 * 60));
        if (run(evidenceOf(BASELINE, moving), hours(90, random(seed), 200, settled)).alarm < Infinity) alarms++;
      }
      expect(alarms).toBeLessThanOrEqual(0.15 * streams + 3 * Math.sqrt(0.15 * 0.85 * streams));
    },
  );

  it('learns nothing while an alarm holds', () => {
    const judge = createJudge(evidenceOf(BASELINE, ROLLING));
    let state = judge.initial();
    for (let hour = 0; hour < 400; hour++)
      state = judge.step(state, bucket(300, 1_000), NONE, { at: MONDAY + hour * HOUR, calm: false });
    expect(judge.reference!(state)).toMatchObject({ kind: 'anchor', moved: 1, spent: false });
  });

  it('stays what it has learned when evidence begins anew, and is the same after a restart, bit for bit', () => {
    const judge = createJudge(evidenceOf(seasonalBaseline(5_000), LAGGED));
    const next = random(11);
    let straight = judge.initial();
    let stored = straight;
    for (let hour = 0; hour < 24 * 40; hour++) {
      const cells = drawn(next, 50, seasonal(hour));
      const at = { at: MONDAY + hour * HOUR, calm: true };
      straight = judge.step(straight, cells, NONE, at);
      stored = judge.step(fromText(toText(stored)), cells, NONE, at);
    }
    expect(stored).toStrictEqual(straight);
    const renewed = judge.renew!(straight);
    expect(judge.reference!(renewed)).toStrictEqual(judge.reference!(straight));
    expect(judge.reference!(straight).kind).toBe('lagged');
    expect(judge.evidence(renewed)).toBe(-Infinity);
  });
});

function moment(hour: number): { at: number; calm: boolean } {
  return { at: MONDAY + hour * HOUR, calm: true };
}

function toText(state: unknown): string {
  return JSON.stringify(state, (_key, one: unknown) => (one === -Infinity ? '-inf' : one));
}

function fromText(text: string): unknown {
  return JSON.parse(text, (_key, one: unknown) => (one === '-inf' ? -Infinity : one));
}
