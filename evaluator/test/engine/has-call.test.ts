import { expect, test } from 'vitest';
import { rowsOf } from '../../src/count/rows-of.js';
import { documents, record, start } from './support.js';

const T0 = 1_700_000_000;
const RULES = documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors}
spec:
  match: {models: [a]}
  over: {window: 60s, every: 10s, groupBy: [model], signals: {errors: {ratio: "error.type != ''"}}}
  when: "errors > 0.5"
  action: {annotate: {attributes: {errors: high}}}
  mode: warn
`);

test('knows a counted call until its bucket has closed, and only that call', () => {
  const { engine } = start(RULES, T0);
  const { id } = record(1, T0);
  expect(engine.has(id.traceId, id.spanId)).toBe(false);
  engine.accept([record(1, T0), record(2, T0, { model: 'unmatched' })], T0);
  expect(engine.has(id.traceId, id.spanId)).toBe(true);
  expect(engine.has(id.traceId, record(9, T0).id.spanId)).toBe(false);
  expect(engine.has(record(2, T0).id.traceId, record(2, T0).id.spanId)).toBe(false);
  expect([engine.has('', ''), engine.has(id.traceId, 'no'), engine.has('z'.repeat(32), id.spanId)]).toEqual([
    false,
    false,
    false,
  ]);
  engine.tick(T0 + 300);
  expect(engine.has(id.traceId, id.spanId)).toBe(false);
});

test('knows after a restart what was counted before it', () => {
  const before = start(RULES, T0);
  before.engine.accept([record(1, T0)], T0);
  const { buckets, series, seen } = before.engine.takeCheckpoint();
  const { engine } = start(RULES, T0 + 1);
  engine.restore(rowsOf(buckets), series, seen);
  const { id } = record(1, T0);
  expect(engine.has(id.traceId, id.spanId)).toBe(true);
});
