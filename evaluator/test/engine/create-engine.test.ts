import { describe, expect, test } from 'vitest';
import { rowsOf } from '../../src/count/rows-of.js';
import type { BucketTotals, Engine, SeriesCheckpoint } from '../../src/engine/types.js';
import { documents, record, start, type CallParts } from './support.js';

const RULES = documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors}
spec:
  match: {models: [a, b]}
  over:
    window: 10s
    every: 0s
    groupBy: [model]
    minSamples: 10
    signals:
      errors: {ratio: "error.type != ''"}
      p95: {quantile: 0.95, of: duration}
      tokens: {sum: usage.totalTokens}
  when: "errors > 0.5"
  probe: {minSamples: 5}
  action: {reroute: {to: backup, percent: 100}}
  mode: enforce
`);
const T0 = 1_800_000_000;

function batch(from: number, n: number, at: number, parts: CallParts = {}) {
  return Array.from({ length: n }, (_, i) => record(from + i, at, parts));
}

describe('engine', () => {
  test('fires on a breach, judges recovery on probes only, and releases', () => {
    const { engine, transitions } = start(RULES, T0);
    engine.accept(batch(1, 10, T0, { error: 'timeout' }), T0 + 0.1);
    expect(transitions.map(({ from, to, code }) => [from, to, code])).toEqual([['ok', 'firing', 'condition']]);
    expect(transitions[0]).toMatchObject({ series: { model: 'a' }, signals: { errors: { value: 1, samples: 10 } } });
    engine.accept(batch(100, 50, T0 + 1), T0 + 1.1);
    expect(transitions).toHaveLength(1);
    engine.accept(batch(200, 5, T0 + 2, { probe: true }), T0 + 2.1);
    engine.tick(T0 + 2.2);
    expect(transitions.map(({ to }) => to)).toEqual(['firing', 'probing', 'ok']);
    expect(new Set(transitions.map(({ verdictId }) => verdictId)).size).toBe(1);
  });

  test('counts a call once, and none that never reached the model', () => {
    const { engine } = start(RULES, T0);
    engine.accept(batch(1, 20, T0), T0);
    engine.accept(batch(1, 25, T0), T0 + 0.2);
    for (const action of ['deny', 'shutdown', 'throttle'])
      engine.accept(batch(1000 + action.charCodeAt(0) * 50, 9, T0, { action }), T0 + 0.3);
    expect(engine.series()[0]!.signals.errors!.samples).toBe(25);
    expect(engine.series()[0]!.signals.tokens!.value).toBe(250);
    expect(engine.stats()).toMatchObject({ duplicates: 20, series: 1 });
  });

  test('counts a batch as it counts its calls one by one, whatever their models, buckets, arms and groups', () => {
    const rules = documents(
      ['groupBy: [model]', 'groupBy: [model, attrs.plan]']
        .map((groupBy, i) =>
          [
            'apiVersion: guardspan/v1alpha1',
            'kind: Guardrail',
            `metadata: {name: mixed-${i}}`,
            'spec:',
            `  over: {window: 10s, every: 1s, ${groupBy}, minSamples: 1000000, signals: {errors: {ratio: "error.type != ''"}, p95: {quantile: 0.95, of: duration}, tokens: {sum: usage.totalTokens}}}`,
            '  when: "errors > 0.5 || p95 > 1 || tokens > 1"',
            '  action: {annotate: {attributes: {a: b}}}',
          ].join('\n'),
        )
        .join('\n---\n'),
    );
    const calls = Array.from({ length: 200 }, (_, i) => {
      const one = record(i, T0 - (i % 13) * 0.7, {
        model: `m${i % 3}`,
        duration: (i * 37) % 11,
        error: i % 4 === 0 ? 'timeout' : '',
        probe: i % 7 === 0,
        tokens: i,
      });
      one.call.attrs.plan = i % 2 === 0 ? 'free' : 'paid';
      return one;
    });
    const together = start(rules, T0 - 20).engine;
    together.accept(calls, T0);
    const single = start(rules, T0 - 20).engine;
    for (const one of calls) single.accept([one], T0);
    const sorted = (engine: Engine) => {
      const { buckets, series } = engine.takeCheckpoint();
      const key = (row: BucketTotals | SeriesCheckpoint) =>
        JSON.stringify([row, 'totals' in row ? [...row.totals] : []]);
      return [...rowsOf(buckets), ...series].map(key).sort();
    };
    expect(together.stats()).toEqual(single.stats());
    expect(together.stats().late).toBeGreaterThan(0);
    expect(sorted(together)).toEqual(sorted(single));
  });

  test('says that late calls degrade a series, without counting them', () => {
    const { engine } = start(RULES, T0);
    engine.accept(batch(1, 20, T0 + 1000), T0 + 1000);
    engine.accept(batch(100, 1, T0), T0 + 1000.1);
    expect(engine.series()[0]).toMatchObject({ degraded: true, signals: { errors: { samples: 20 } } });
    expect(engine.stats().late).toBe(1);
  });

  test('corrects the start times of a process whose clock is off', () => {
    const { engine } = start(RULES, T0, { clockOffset: () => -3600 });
    engine.accept(batch(1, 20, T0 - 3600), T0 + 0.1);
    expect(engine.series()[0]!.signals.errors!.samples).toBe(20);
    expect(engine.stats()).toMatchObject({ late: 0, clockCorrected: 20 });
  });

  test('drops further series beyond the limit and says so', () => {
    const { engine } = start(RULES, T0, { maxSeries: 1 });
    engine.accept([record(1, T0), record(2, T0, { model: 'b' })], T0);
    expect(engine.stats()).toMatchObject({ series: 1, seriesDropped: 1 });
  });

  test('counts on after the clock went back or forward an hour', () => {
    for (const jump of [-3600, 3600]) {
      const { engine, transitions } = start(RULES, T0);
      engine.accept(batch(1, 20, T0), T0);
      engine.tick(T0 + jump);
      engine.accept(batch(100, 12, T0 + jump + 1, { error: 'x' }), T0 + jump + 1);
      expect(transitions.map(({ to }) => to)).toEqual(['firing']);
    }
  });

  test('ends what fires when the document goes', () => {
    const { engine, transitions } = start(RULES, T0);
    engine.accept(batch(1, 10, T0, { error: 'x' }), T0);
    engine.load([], T0 + 1);
    expect(transitions.at(-1)).toMatchObject({ from: 'firing', to: 'ok', code: 'document_changed' });
  });

  test('releases by hand', () => {
    const { engine, transitions } = start(RULES, T0);
    engine.accept(batch(1, 10, T0, { error: 'x' }), T0);
    expect(engine.release('errors', { model: 'b' }, T0 + 1, 'ada')).toBe(false);
    expect(engine.release('errors', { model: 'a' }, T0 + 1, 'ada')).toBe(true);
    expect(transitions.at(-1)).toMatchObject({ to: 'ok', code: 'operator', message: 'Released by ada.' });
  });
});

describe('restart', () => {
  /** A seeded run of 300 batches; errors come in waves, some calls are probes, some are sent twice. */
  function run(restartAt: ReadonlySet<number>) {
    let seed = 12345;
    const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) / 2 ** 32;
    const all: unknown[] = [];
    const buckets = new Map<string, BucketTotals>();
    const states = new Map<string, SeriesCheckpoint>();
    const seen: { slice: number; ids: Uint8Array }[] = [];
    const save = (from: Engine) => {
      const point = from.takeCheckpoint();
      for (const row of rowsOf(point.buckets)) buckets.set([row.series, row.bucket, row.arm].join(), row);
      for (const row of point.series) states.set(row.series, row);
      seen.push(...point.seen);
    };
    let ids = 0;
    const fresh = (now: number) => {
      const made = start([], now, { newId: () => String(++ids) });
      // Example traces are a convenience that a checkpoint takes only with a change of state.
      made.engine.onTransition((transition) => all.push({ ...transition, exampleTraceIds: [] }));
      return made.engine;
    };
    let engine = fresh(T0);
    engine.load(RULES, T0);
    for (let i = 0; i < 300; i++) {
      const now = T0 + i * 0.2;
      const bad = Math.floor(i / 60) % 2 === 1;
      const calls = Array.from({ length: 8 }, (_, j) =>
        record(i * 8 + j - (j === 0 ? 8 : 0) + 10, now - random(), {
          model: random() < 0.5 ? 'a' : 'b',
          error: bad && random() < 0.9 ? 'x' : '',
          probe: random() < 0.3,
          duration: random(),
        }),
      );
      engine.accept(calls, now);
      if (i % 7 === 0) save(engine);
      if (restartAt.has(i)) {
        save(engine);
        engine = fresh(now);
        engine.restore([...buckets.values()], [...states.values()], seen);
        engine.load(RULES, now);
      }
    }
    return { all, views: engine.series().sort((a, b) => (a.series.model! < b.series.model! ? -1 : 1)) };
  }

  const whole = run(new Set());

  test('the seeded run fires and releases', () => {
    const seen = new Set(whole.all.map((transition) => (transition as { to: string }).to));
    expect([...seen].sort()).toEqual(['firing', 'ok', 'probing']);
  });

  test('20 interrupted replays give the same transitions and the same counts', () => {
    for (let n = 0; n < 20; n++) {
      const points = new Set([n * 14 + 3, (n * 37 + 11) % 300, (n * 91 + 60) % 300]);
      expect(run(points)).toEqual(whole);
    }
  });
});
