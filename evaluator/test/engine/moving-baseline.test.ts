import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../src/count/rows-of.js';
import type { Engine } from '../../src/engine/types.js';
import { documents, record, start } from './support.js';

const T0 = 1_800_000_000;
const HOUR = 3600;
const TEXT = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors}
spec:
  over:
    every: 1h
    groupBy: [model]
    test:
      rate:
        of: "error.type != ''"
        baseline: {model: a, calls: 50000, events: 5000}
        moving: {window: 48h, budget: 1.5}
    promise: {falseAlarms: 1, per: 30d}
    maxSeries: 2
  action: { annotate: { attributes: { errors: above-usual } } }
  mode: warn
`;
const ERRORS = documents(TEXT);
/** Recovers after a million calls only. */
const PATIENT = documents(TEXT.replace('  mode: warn', '  probe: {minSamples: 1000000}\n  mode: warn'));

/** T0 is at 08:00 UTC. */
const SEASON = documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors}
spec:
  over:
    every: 1h
    groupBy: [model]
    test:
      rate:
        of: "error.type != ''"
        baseline:
          model: a
          calls: 48000
          events: 5004
          season:
            by: hourOfDay
            calls: [2000,2000,2000,2000,2000,2000,2000,2000,2000,2000,2000,2000,2000,2000,2000,2000,2000,2000,2000,2000,2000,2000,2000,2000]
            events: [250,250,250,250,250,250,250,250,167,167,167,167,167,167,167,167,167,167,167,167,250,250,250,250]
    promise: {falseAlarms: 1, per: 30d}
    maxSeries: 2
  action: { annotate: { attributes: { errors: above-usual } } }
  mode: warn
`);

/** `hours` hours with 400 calls each, of which one of `every` fails. */
function play(engine: Engine, hours: number, from: number, every: number): void {
  // From a seed of its own, so that each hour is the same in every test.
  let state = from + 1;
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  for (let hour = from; hour < from + hours; hour++) {
    const at = T0 + hour * HOUR;
    const calls = Array.from({ length: 400 }, (_, i) =>
      record(hour * 1000 + i, at + i, { error: next() < 1 / every ? 'timeout' : '' }),
    );
    engine.accept(calls, at + 1000);
  }
  engine.tick(T0 + (from + hours) * HOUR + 10);
}

describe('a guard-rail whose baseline moves', () => {
  it('shows what is in force, that the budget is spent, and keeps what it has learned through a restart', () => {
    const { engine } = start(ERRORS, T0);
    play(engine, 60, 0, 10);
    const [calm] = engine.series();
    expect(calm!.evidence).toMatchObject({
      promise: { status: 'kept', reasons: [] },
      baseline: { kind: 'rolling', season: '', spent: false, budget: 1.5 },
    });
    // A little more with each two days: no step is large enough to be evidence by itself.
    let hour = 60;
    for (const every of [9, 8, 7, 6, 5]) play(engine, 60, (hour += 60) - 60, every);
    const [led] = engine.series();
    expect(led!.evidence!.baseline).toMatchObject({ kind: 'rolling', spent: true });
    expect(led!.evidence!.baseline!.moved).toBeLessThanOrEqual(1.5 * (1 + 1e-9));
    expect(led!.evidence!.promise.status).toBe('not_guaranteed');
    expect(led!.evidence!.promise.reasons).toContain('baseline_spent');
    const [report] = engine.reports();
    expect(report!.baseline).toStrictEqual(led!.evidence!.baseline);
    expect(report!.promise.text).toContain('a person may approve a new one');

    const { buckets, series, seen } = engine.takeCheckpoint();
    const second = start(ERRORS, T0 + hour * HOUR).engine;
    second.restore(rowsOf(buckets), series, seen);
    expect(second.series()[0]!.evidence!.baseline).toStrictEqual(led!.evidence!.baseline);
  });

  it('does not take a season that its baseline knows for bursts', () => {
    const reasons = [SEASON, ERRORS].map((list) => {
      const { engine } = start(list, T0);
      // 8 % in the first half of each day, 12 % in the second.
      for (let day = 0; day < 10; day++) {
        play(engine, 12, 24 * day, 12);
        play(engine, 12, 24 * day + 12, 8);
      }
      return engine.series()[0]!.evidence!.promise.reasons;
    });
    expect(reasons).toEqual([[], ['burst']]);
  });

  it('fires when the series goes on beyond the budget, and begins anew after a release with what it had learned', () => {
    const { engine, transitions } = start(ERRORS, T0);
    play(engine, 60, 0, 10);
    play(engine, 40, 60, 3);
    expect(transitions.map(({ to }) => to)).toEqual(['firing']);
    const before = engine.series()[0]!.evidence!.baseline;
    expect(engine.release('errors', { model: 'a' }, T0 + 100 * HOUR + 20, 'a person')).toBe(true);
    expect(engine.series()[0]!.evidence).toMatchObject({ value: -Infinity, baseline: before });
  });

  it('learns nothing while an alarm holds: however long it lasts, it does not become what is allowed', () => {
    const { engine, transitions } = start(ERRORS, T0);
    play(engine, 60, 0, 10);
    // Three windows long, without a release.
    play(engine, 150, 60, 3);
    expect(transitions.map(({ to }) => to)).toEqual(['firing']);
    const held = engine.series()[0]!.evidence!.baseline!;
    expect(held).toMatchObject({ kind: 'rolling', spent: false });
    expect(held.limit / held.anchor).toBeLessThan(1.4);
    // The window is still the one before the alarm, within the first three days.
    expect(held.windowFrom).toBeGreaterThan(T0);
    expect(held.windowTo).toBeLessThan(T0 + 66 * HOUR);

    // After a release time passes again, and the window spans the alarm: 48 hours that were learned from, and 150 that were not.
    engine.release('errors', { model: 'a' }, T0 + 210 * HOUR + 20, 'a person');
    play(engine, 20, 210, 10);
    const after = engine.series()[0]!.evidence!.baseline!;
    expect(after).toMatchObject({ kind: 'rolling', spent: false });
    expect(after.windowTo).toBeGreaterThan(T0 + 225 * HOUR);
    expect(after.windowTo - after.windowFrom).toBeGreaterThan(190 * HOUR);
    expect(after.limit / after.anchor).toBeLessThan(1.4);
  });

  it('learns nothing from calls that are better than usual either, until a person or a test releases the alarm', () => {
    const { engine, transitions } = start(PATIENT, T0);
    play(engine, 60, 0, 10);
    play(engine, 10, 60, 3);
    const during = engine.series()[0]!.evidence!;
    play(engine, 100, 70, 100);
    const after = engine.series()[0]!.evidence!;
    expect(transitions.map(({ to }) => to)).toEqual(['firing']);
    expect(after.value).toBeLessThan(after.threshold);
    expect(after.baseline).toEqual(during.baseline);
  });
});
