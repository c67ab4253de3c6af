import { describe, expect, it } from 'vitest';
import { wassersteinOf } from '../../src/evidence/wasserstein.js';
import { documents, record, start } from '../engine/support.js';

const T0 = 1_800_000_000;
const driftOf = (baseline: string, of: string): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: drift}
spec:
  over:
    every: 1s
    test: {drift: {of: ${of}, baseline: ${baseline}, tolerance: 0.02}}
    promise: {falseAlarms: 1, per: 30d}
  action: {annotate: {attributes: {drift: 'yes'}}}
  mode: warn
`;

/** The explanation after `seconds` of a hundred calls each with so many tokens. */
function explained(document: string, seconds: number, tokens: (i: number) => number) {
  const { engine } = start(documents(document), T0);
  for (let k = 0; k < seconds; k++) {
    const calls = Array.from({ length: 100 }, (_, i) =>
      record(k * 1000 + i, T0 + k, { tokens: tokens(i), error: 'timeout' }),
    );
    engine.accept(calls, T0 + k + 0.6);
  }
  engine.tick(T0 + seconds + 200);
  return engine.reports()[0]!;
}

describe('the mean distance from a baseline', () => {
  const edges = [10, 20, 30, 40];
  const reference = [2500, 2500, 2500, 2500, 0];

  it('is in the unit of the field, inside its interval, and stands beside the index of the explanation', () => {
    const baseline = `{model: a, calls: 10000, edges: [${edges.join(', ')}], counts: [${reference.join(', ')}]}`;
    // Everything has moved up by one bin; the last one had nowhere to go within the edges.
    const report = explained(driftOf(baseline, 'usage.totalTokens'), 20, (i) => [15, 25, 35, 45][i % 4]!);
    const { effect, summary } = report;
    expect(effect!.name).toBe('psi');
    expect(effect!.wasserstein!.value).toBeCloseTo(7.5, 9);
    expect(effect!.wasserstein!.lower).toBeGreaterThan(5);
    expect(effect!.wasserstein!.lower).toBeLessThan(7.5);
    expect(effect!.wasserstein!.upper).toBeGreaterThan(7.5);
    expect(effect!.wasserstein!.iqr).toBe(20);
    expect(summary).toContain('Values are 7.5 (');
    expect(summary).toContain('from the baseline on average, whose middle half spans 20.');
  });

  it('is 0 at the baseline itself, with an interval that begins at 0', () => {
    const { value, lower, upper } = wassersteinOf([25, 25, 25, 25, 0], reference, edges);
    expect([value, lower]).toEqual([0, 0]);
    expect(upper).toBeGreaterThan(0);
  });

  it('is not told of categories, which have no distance', () => {
    const report = explained(
      driftOf('{model: a, calls: 1000, categories: [timeout, refused], counts: [900, 100]}', 'error.type'),
      5,
      () => 10,
    );
    expect(report.effect!.name).toBe('psi');
    expect(report.effect).not.toHaveProperty('wasserstein');
  });
});
