import type { RecordedCall } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import type { PromiseReason } from '../../src/engine/evidence/report.js';
import { documents, record, start } from './support.js';

const T0 = 1_800_000_000;

const rule = (test: string, groupBy = 'model') =>
  documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors}
spec:
  over:
    every: 1s
    groupBy: [${groupBy}]
    test: ${test}
    promise: {falseAlarms: 1, per: 30d}
  action: {annotate: {attributes: {errors: 'yes'}}}
  mode: warn
`);
const LIMIT = `{rate: {of: "error.type != ''", max: 0.1}}`;

/** Reasons after ten seconds of 100 calls, of which every twentieth fails, each changed by `change`. */
function reasonsOf(
  list: ReturnType<typeof rule>,
  change: (call: RecordedCall, index: number) => void,
): PromiseReason[] {
  const { engine } = start(list, T0);
  for (let k = 0; k < 10; k++) {
    const calls = Array.from({ length: 100 }, (_, i) => {
      const one = record(k * 100 + i, T0 + k + i / 200, { error: i % 20 === 0 ? 'timeout' : '' });
      change(one, k * 100 + i);
      return one;
    });
    engine.accept(calls, T0 + k + 0.6);
  }
  engine.tick(T0 + 15);
  const [series] = engine.series();
  const { status, reasons } = series!.evidence!.promise;
  expect(status).toBe(reasons.length === 0 ? 'kept' : 'not_guaranteed');
  return [...reasons];
}

describe('what a promise asks of the calls', () => {
  it('is not guaranteed once a single sampled span was counted', () => {
    expect(reasonsOf(rule(LIMIT), () => undefined)).toEqual([]);
    expect(reasonsOf(rule(LIMIT), (one, i) => (one.sampled = i === 500))).toEqual(['sampled']);
  });

  describe('with a baseline', () => {
    const baseline = (origin: string): string =>
      `{rate: {of: "error.type != ''", baseline: {model: a, ${origin}calls: 50000, events: 5000}}}`;
    const seen = (one: RecordedCall): void => {
      one.call.model.version = '2';
      one.call.featureView = { name: 'risk', version: '7' };
    };

    it.each([
      ['the same feature view', 'feature_view', 'featureView: "risk", ', []],
      ['another feature view', 'feature_view', 'featureView: "fraud", ', ['other_baseline']],
      ['the same version', 'model_version', 'version: "2", ', []],
      ['another version', 'model_version', 'version: "1", ', ['other_baseline']],
    ])('is judged by its origin: %s', (_name, field, origin, reasons) => {
      expect(reasonsOf(rule(baseline(origin), `model, ${field}`), seen)).toEqual(reasons);
    });

    it('is judged by its model', () => {
      const other = baseline('').replace('model: a', 'model: b');
      expect(reasonsOf(rule(other), () => undefined)).toEqual(['other_baseline']);
    });
  });
});
