import type { RecordedCall } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../src/count/rows-of.js';
import type { Engine } from '../../src/engine/types.js';
import { documents, record, start } from './support.js';

const T0 = 1_800_000_000;
const latency = (among = 'true') =>
  documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: slow}
spec:
  over:
    every: 10s
    groupBy: [model]
    test: {latency: {within: 2s, max: 0.05, among: "${among}"}}
    promise: {falseAlarms: 1, per: 30d}
    maxSeries: 4
  action: {annotate: {attributes: {slow: 'yes'}}}
  mode: warn
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors}
spec:
  over:
    every: 10s
    groupBy: [model]
    test: {rate: {of: "error.type != ''", max: 0.05}}
    promise: {falseAlarms: 1, per: 30d}
    maxSeries: 4
  action: {annotate: {attributes: {failed: 'yes'}}}
  mode: warn
`);

/** A record of a call that is still open after `elapsed` seconds. */
function open(id: number, startedAt: number, elapsed = 2.1): RecordedCall {
  return { ...record(id, startedAt, { duration: elapsed }), open: true };
}
/** Calls and slow ones of the latency test; late ones; calls of the other guard-rail. */
function counted(engine: Engine): { calls: number; slow: number; late: number; open: number; others: number } {
  const [errors, slow] = engine.reports().sort((a, b) => (a.guardrail < b.guardrail ? -1 : 1));
  const sums = [slow!.recompute.before, slow!.recompute.since].flatMap(({ rows }) =>
    rows.map(([, , counts]) => counts),
  );
  return {
    calls: slow!.counters.calls,
    slow: sums.reduce((sum, counts) => sum + (counts[1] ?? 0), 0),
    late: slow!.counters.late,
    open: slow!.counters.open,
    others: errors?.counters.calls ?? 0,
  };
}

describe('a call that hangs', () => {
  it('counts as slow in the bucket in which it started, though it never ends', () => {
    const { engine } = start(latency(), T0);
    engine.accept([record(1, T0), record(2, T0 + 1)], T0 + 2);
    engine.accept([open(3, T0 + 1)], T0 + 3.2);
    engine.tick(T0 + 20);
    expect(counted(engine)).toEqual({ calls: 3, slow: 1, late: 0, open: 1, others: 2 });
    // It is no call of its own for anything else.
    expect(engine.stats().accepted).toBe(2);
  });

  it('counts once when it ends: at once, after its bucket has closed, or when its records come twice or in the wrong order', () => {
    const { engine } = start(latency(), T0);
    const slow = (id: number, at: number, duration: number): RecordedCall => record(id, at, { duration });
    engine.accept([open(1, T0), open(1, T0), open(1, T0, 2.3)], T0 + 2.4);
    engine.accept([slow(1, T0, 3)], T0 + 3.1);
    engine.accept([open(2, T0 + 1), slow(2, T0 + 1, 2.2)], T0 + 3.3);
    engine.accept([slow(3, T0 + 1, 2.2), open(3, T0 + 1)], T0 + 3.4);
    engine.accept([open(4, T0 + 1)], T0 + 3.5);
    engine.tick(T0 + 15);
    engine.accept([slow(4, T0 + 1, 30)], T0 + 31);
    engine.tick(T0 + 60);
    expect(counted(engine)).toMatchObject({ calls: 4, slow: 4, late: 0 });
    // The other guard-rail counts ends, as ever: three in time.
    expect(counted(engine).others).toBe(3);
  });

  it('is not slow before the limit, and is late when it is told too late, once', () => {
    const { engine } = start(latency(), T0);
    engine.accept([record(1, T0), open(2, T0, 1.5)], T0 + 2);
    engine.tick(T0 + 15);
    engine.accept([open(3, T0)], T0 + 15);
    engine.accept([record(3, T0, { duration: 20 })], T0 + 20);
    expect(counted(engine)).toMatchObject({ calls: 1, slow: 0, late: 1 });
  });

  it('is known after a restart, so that its end does not count again', () => {
    const { engine } = start(latency(), T0);
    engine.accept([record(1, T0), open(2, T0)], T0 + 2.2);
    engine.accept([open(5, T0 + 1)], T0 + 3.2);
    engine.accept([record(5, T0 + 1, { duration: 2.5 })], T0 + 3.6);
    const { buckets, series, seen } = engine.takeCheckpoint();
    const second = start(latency(), T0 + 3).engine;
    second.restore(rowsOf(buckets), series, seen);
    second.accept([record(2, T0, { duration: 5 })], T0 + 5);
    second.tick(T0 + 30);
    expect(counted(second)).toMatchObject({ calls: 3, slow: 2, late: 0 });
  });

  it('does not enter a test that reads the answer', () => {
    const { engine } = start(latency("error.type == ''"), T0);
    engine.accept([record(1, T0), open(2, T0)], T0 + 2.2);
    engine.tick(T0 + 30);
    expect(counted(engine)).toMatchObject({ calls: 1, slow: 0, open: 0 });
  });

  it('fires when all calls hang, which ended calls alone would never show', () => {
    const { engine, transitions } = start(latency(), T0);
    for (let second = 0; second < 60; second++)
      engine.accept(
        Array.from({ length: 20 }, (_, i) => open(second * 100 + i + 1, T0 + second + i / 20)),
        T0 + second + 3.2,
      );
    engine.tick(T0 + 90);
    expect(transitions.map(({ guardrail, to }) => [guardrail, to])).toEqual([['slow', 'firing']]);
  });
});
