import type { RecordedCall } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../src/count/rows-of.js';
import { forPeople } from '../../src/engine/evidence/for-people.js';
import type { Engine } from '../../src/engine/types.js';
import { documents, record, start } from './support.js';

const T0 = 1_800_000_000;
const RATE = documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors}
spec:
  over:
    every: 1s
    groupBy: [model]
    test: {rate: {of: "error.type != ''", max: 0.02}}
    promise: {falseAlarms: 1, per: 30d}
    maxSeries: 10
    explainBy: [attrs.route]
  probe: {minSamples: 20}
  action: {reroute: {to: backup, percent: 100}}
  mode: enforce
`);
const GAP = documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: equal}
spec:
  over:
    every: 10s
    groupBy: [model]
    test: {rateGap: {attribute: sex, of: "truth.repaid == true", ratio: 0.8}}
    promise: {falseAlarms: 1, per: 90d}
  action: {annotate: {attributes: {unequal: 'yes'}}}
  mode: warn
`);

/** `n` calls in the second from `at` on, every `k`-th of which fails; failures on one route only. */
function second(from: number, at: number, n: number, every: number, probe = false): RecordedCall[] {
  return Array.from({ length: n }, (_, i) => {
    const failed = every > 0 && i % every === 0;
    const one = record(from + i, at + i / n / 2, { error: failed ? 'timeout' : '', probe });
    one.call.attrs = { route: failed || i % 4 === 0 ? '/slow' : '/fast' };
    return one;
  });
}

function play(engine: Engine, seconds: number, from: number, every: number, probe = false): void {
  for (let k = 0; k < seconds; k++) {
    const at = T0 + from + k;
    engine.accept(second((from + k) * 1000, at, 100, every, probe), at + 0.6);
  }
}

describe('a guard-rail with a test and a promise', () => {
  it('says nothing while its limit is respected, fires when it is broken, and names the cause', () => {
    const { engine, transitions } = start(RATE, T0);
    play(engine, 60, 0, 60);
    engine.tick(T0 + 64);
    expect(transitions).toEqual([]);
    expect(engine.series()[0]!.evidence).toMatchObject({ warned: false, promise: { status: 'kept' } });
    play(engine, 30, 64, 10);
    expect(transitions.map(({ from, to }) => [from, to])).toEqual([['ok', 'firing']]);
    const { verdictId, message, trace } = transitions[0]!;
    expect(trace[0]!.expression).toMatch(/^evidence >= /);
    const report = engine.explain(verdictId)!;
    expect(report.evidence.threshold).toBeCloseTo(Math.log(30 * 86_400 * 10), 6);
    expect(report.test).toBe('rate');
    expect(message).toMatch(/evidence [0-9.]+ of/);
    expect(report.promise.text).toContain('1 false alarm(s) in 30 days at most, over 10 series');
  });

  it('judges recovery by a test on probes only, and begins evidence anew with a reason', () => {
    const { engine, transitions } = start(RATE, T0);
    play(engine, 30, 0, 10);
    expect(transitions.map(({ to }) => to)).toEqual(['firing']);
    play(engine, 5, 34, 0);
    expect(transitions).toHaveLength(1);
    play(engine, 20, 40, 0, true);
    engine.tick(T0 + 66);
    expect(transitions.at(-1)).toMatchObject({ to: 'ok', code: 'recovered' });
    expect(engine.reports('errors')[0]!.evidence.restartReason).toBe('release');
    expect(engine.reports('errors', 1)).toEqual(engine.reports('errors'));
    expect(engine.reports(undefined, 0)).toEqual([]);
  });

  it('does not take a few probes without a failure for a recovery: their interval must exclude the breach', () => {
    const { engine, transitions } = start(RATE, T0);
    play(engine, 30, 0, 10);
    expect(transitions.map(({ to }) => to)).toEqual(['firing']);
    // As many as `minSamples`, all well: of 20 calls a rate of 10 % fails none with probability 0.12.
    engine.accept(second(40_000, T0 + 40, 20, 0, true), T0 + 40.6);
    engine.tick(T0 + 50);
    expect(transitions).toHaveLength(1);
    engine.accept(second(51_000, T0 + 51, 100, 0, true), T0 + 51.6);
    engine.tick(T0 + 60);
    expect(transitions.slice(1).map(({ code }) => code)).toContain('recovered');
  });

  it('goes on from a checkpoint to the same bits, whenever it is interrupted', () => {
    const whole = start(RATE, T0);
    let parts = start(RATE, T0);
    const kept = { buckets: new Map<string, never>(), series: new Map<string, never>(), seen: [] as never[] };
    for (let k = 0; k < 24; k++) {
      play(whole.engine, 1, k, 25);
      play(parts.engine, 1, k, 25);
      const { buckets, series, seen } = parts.engine.takeCheckpoint();
      for (const row of rowsOf(buckets)) kept.buckets.set(`${row.series} ${row.bucket} ${row.arm}`, row as never);
      for (const row of series) kept.series.set(row.series, row as never);
      kept.seen.push(...(seen as never[]));
      const next = start(RATE, T0 + k + 0.6);
      next.engine.restore(kept.buckets.values(), kept.series.values(), kept.seen);
      next.engine.load(RATE, T0 + k + 0.6);
      parts = next;
    }
    const value = (engine: Engine): number => engine.series()[0]!.evidence!.value;
    expect(value(whole.engine)).toBeGreaterThan(1);
    expect(Object.is(value(parts.engine), value(whole.engine))).toBe(true);
  });

  it('is the same in whatever order the calls of a bucket come', () => {
    const [forward, backward] = [start(RATE, T0), start(RATE, T0)];
    for (let k = 0; k < 10; k++) {
      const calls = second(k * 1000, T0 + k, 100, 20);
      forward.engine.accept(calls, T0 + k + 0.6);
      backward.engine.accept([...calls].reverse(), T0 + k + 0.6);
    }
    for (const { engine } of [forward, backward]) engine.tick(T0 + 14);
    expect(forward.engine.series()[0]!.evidence!.value).toBe(backward.engine.series()[0]!.evidence!.value);
  });

  it('counts calls that are slow and end in time; calls that hang are late or unseen, and the promise says so', () => {
    const document = documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: slow}
spec:
  over:
    every: 1s
    groupBy: [model]
    test: {latency: {within: 1s, max: 0.02}}
    promise: {falseAlarms: 1, per: 30d}
  action: {annotate: {attributes: {slow: 'yes'}}}
  mode: warn
`);
    /** Each tenth call takes so long, and is told of when it has ended; NaN: never. */
    const tenth = (duration: number) => {
      const { engine, transitions } = start(document, T0);
      const told: { at: number; call: RecordedCall }[] = [];
      for (let k = 0; k < 60; k++) {
        for (let i = 0; i < 100; i++) {
          const seconds = i % 10 === 0 ? duration : 0.2;
          const call = record(k * 1000 + i, T0 + k, { duration: seconds });
          if (!Number.isNaN(seconds)) told.push({ at: T0 + k + seconds, call });
        }
      }
      told.sort((a, b) => a.at - b.at);
      for (const { at, call } of told) engine.accept([call], at);
      engine.tick(T0 + 100);
      return { fired: transitions.map(({ to }) => to), report: engine.reports()[0]! };
    };
    const timeout = tenth(2);
    expect(timeout.fired).toEqual(['firing']);
    expect(timeout.report.promise.status).toBe('kept');
    const hanging = tenth(30);
    expect(hanging.fired).toEqual([]);
    expect(hanging.report.promise.reasons).toEqual(['late']);
    const never = tenth(NaN);
    expect(never.fired).toEqual([]);
    expect(never.report.effect!.value).toBe(0);
  });

  it('counts a call when its last truth or group has come, and shows no small cell of a group', () => {
    const { engine, transitions } = start(GAP, T0);
    let id = 0;
    for (let k = 0; k < 60; k++) {
      const at = T0 + k * 10;
      const calls = Array.from({ length: 80 }, () => record(++id, at));
      engine.accept(calls, at + 1);
      const facts = calls.flatMap(({ id: identity }, i) => [
        { ...identity, kind: 'group' as const, name: 'sex', value: i % 2 === 0 ? 'f' : 'm' },
        { ...identity, kind: 'truth' as const, name: 'repaid', value: String(i % 2 === 0 ? i % 10 < 4 : i % 10 < 8) },
      ]);
      expect(engine.facts(facts, at + 2).every(Boolean)).toBe(true);
    }
    engine.tick(T0 + 620);
    expect(transitions.map(({ to }) => to)).toEqual(['firing']);
    const report = engine.explain(transitions[0]!.verdictId)!;
    expect(report.exampleTraceIds).toEqual([]);
    expect(report.effect).toMatchObject({ name: 'ratio', limit: 0.8, above: false });
    expect(report.causes[0]).toMatchObject({ kind: 'group', value: 'f' });
    const small = { ...report, groups: [{ stratum: '', group: 'x', calls: 9, rate: 0.5 }, ...report.groups] };
    const shown = forPeople(small);
    expect(shown.groups.map(({ group }) => group)).not.toContain('x');
    expect(shown.suppressed).toBe(1);
  });
});
