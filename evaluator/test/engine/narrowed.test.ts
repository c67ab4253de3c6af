import { describe, expect, test } from 'vitest';
import type { RevisedGuardrail } from '@guardspan/policy';
import { rowsOf } from '../../src/count/rows-of.js';
import { documents, record, start } from './support.js';

const T0 = 1_800_000_000;
const until = (seconds: number): string => new Date((T0 + seconds) * 1000).toISOString();

function rules(keys: string, groupBy = '[model]', rest = 'when: errors > 0.5'): RevisedGuardrail[] {
  return documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors}
spec:
  ${keys}
  over: {window: 60s, every: 0s, groupBy: ${groupBy}, minSamples: 10, signals: {errors: {ratio: "error.type != ''"}}}
  ${rest}
  probe: {minSamples: 5}
  action: {reroute: {to: backup}}
  mode: enforce
`);
}

function calls(from: number, count: number, environment: string, tier: string, error = '', at = T0, probe = false) {
  return Array.from({ length: count }, (_, index) => {
    const one = record(from + index, at, { error, probe });
    one.call.environment = environment;
    one.call.attrs.tier = tier;
    return one;
  });
}

describe('a window', () => {
  test('counts only calls for which `where` is true, grouped by fields of the plan or by others', () => {
    for (const groupBy of ['[model]', '[model, attrs.tier]']) {
      const { engine, transitions } = start(rules("where: has(attrs.tier) && attrs.tier == 'free'", groupBy), T0);
      engine.accept(calls(1, 50, 'live', 'paid', 'timeout'), T0 + 0.1);
      expect(engine.series()).toEqual([]);
      engine.accept([...calls(100, 9, 'live', 'free', 'timeout'), ...calls(200, 20, 'live', 'paid')], T0 + 0.2);
      expect(transitions).toEqual([]);
      engine.accept(calls(300, 1, 'live', 'free', 'timeout'), T0 + 0.3);
      expect(transitions.map(({ to }) => to)).toEqual(['firing']);
      expect(transitions[0]!.signals.errors!.samples).toBe(10);
    }
  });

  test('counts no call of an environment in which an override turns it off', () => {
    const { engine } = start(rules("overrides: [{environments: ['test*'], mode: 'off'}]"), T0);
    engine.accept([...calls(1, 5, 'testing', ''), ...calls(100, 7, 'live', '')], T0 + 0.1);
    expect(engine.series().map(({ signals }) => signals.errors!.samples)).toEqual([7]);
  });

  test('waits for probes only in the environments in which it acts', () => {
    const keys = 'overrides: [{environments: [staging], mode: warn}]';
    const { engine, transitions } = start(rules(keys, '[environment]'), T0);
    engine.accept([...calls(1, 10, 'live', '', 'x'), ...calls(100, 10, 'staging', '', 'x')], T0 + 0.1);
    expect(transitions.map(({ series, to }) => [series.environment, to])).toEqual([
      ['live', 'firing'],
      ['staging', 'firing'],
    ]);
    engine.accept([...calls(200, 30, 'live', '', '', T0 + 1), ...calls(300, 30, 'staging', '', '', T0 + 1)], T0 + 1.1);
    expect(transitions.slice(2).map(({ series, to }) => [series.environment, to])).toEqual([['staging', 'ok']]);
    engine.accept(calls(400, 5, 'live', '', '', T0 + 2, true), T0 + 2.1);
    engine.tick(T0 + 2.2);
    expect(transitions.at(-1)).toMatchObject({ series: { environment: 'live' }, to: 'ok', code: 'recovered' });
  });

  test('is judged on calls when its rollout withholds none', () => {
    const { engine, transitions } = start(rules('rollout: {percent: 0, by: tenant}'), T0);
    engine.accept(calls(1, 10, 'live', '', 'x'), T0 + 0.1);
    engine.accept(calls(100, 30, 'live', '', '', T0 + 1), T0 + 1.1);
    expect(transitions.map(({ to }) => to)).toEqual(['firing', 'ok']);
  });

  test('ends when it expires: what fires is released with the reason, and nothing is judged any more', () => {
    const { engine, transitions } = start(rules(`expires: ${until(5)}`), T0);
    engine.accept(calls(1, 10, 'live', '', 'x'), T0 + 0.1);
    engine.tick(T0 + 4.9);
    expect(transitions.map(({ to }) => to)).toEqual(['firing']);
    engine.tick(T0 + 5);
    expect(transitions.at(-1)).toMatchObject({ from: 'firing', to: 'ok', code: 'expired' });
    engine.accept(calls(100, 50, 'live', '', 'x', T0 + 6), T0 + 6.1);
    expect([engine.series(), transitions.length]).toEqual([[], 2]);
  });

  test('does not come back to judge when it is loaded after its end, with what was stored', () => {
    const written = rules(`expires: ${until(5)}`);
    const first = start(written, T0).engine;
    first.accept(calls(1, 10, 'live', '', 'x'), T0 + 0.1);
    const { buckets, series, seen } = first.takeCheckpoint();
    const { engine, transitions } = start([], T0 + 6);
    engine.restore(rowsOf(buckets), series, seen);
    engine.load(written, T0 + 6);
    expect([engine.series(), transitions]).toEqual([[], []]);
  });
});

describe('a test', () => {
  test('counts only calls for which `where` is true, also while they are open', () => {
    const [revised] = documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: slow}
spec:
  where: attrs.tier == 'free'
  over: {every: 10s, groupBy: [model], test: {latency: {within: 1s, max: 0.01}}, promise: {falseAlarms: 1, per: 30d}}
  action: {annotate: {attributes: {slow: "yes"}}}
`);
    const { engine } = start([revised!], T0);
    const open = calls(1, 4, 'live', 'paid').map((one) => ({ ...one, open: true as const }));
    for (const one of open) one.call.duration = 2;
    engine.accept([...open, ...calls(100, 3, 'live', 'free'), ...calls(200, 8, 'live', 'paid')], T0 + 2);
    engine.tick(T0 + 60);
    expect(engine.reports().map(({ counters }) => counters)).toMatchObject([{ calls: 3, open: 0 }]);
  });
});
