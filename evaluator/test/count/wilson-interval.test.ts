import { expect, test } from 'vitest';
import { normalQuantile, wilsonLower, wilsonUpper } from '../../src/count/wilson-interval.js';

test('normal quantiles are those of the tables', () => {
  const table = [
    [0.5, 0.6744897502],
    [0.8, 1.2815515655],
    [0.9, 1.644853627],
    [0.95, 1.9599639845],
    [0.99, 2.5758293035],
    [0.999, 3.2905267315],
  ] as const;
  for (const [confidence, z] of table) expect(normalQuantile(confidence)).toBeCloseTo(z, 8);
});

test('the ends of the interval solve the score equation', () => {
  const z = normalQuantile(0.95);
  for (const [k, n] of [
    [1, 10],
    [5, 10],
    [9, 10],
    [30, 1000],
  ] as const) {
    for (const p of [wilsonLower(k, n, z), wilsonUpper(k, n, z)]) {
      expect((k / n - p) ** 2).toBeCloseTo((z * z * p * (1 - p)) / n, 10);
    }
    expect(wilsonLower(k, n, z)).toBeLessThan(k / n);
    expect(wilsonUpper(k, n, z)).toBeGreaterThan(k / n);
  }
});

test('gives the known interval of 5 in 10, and stays within 0 and 1', () => {
  const z = normalQuantile(0.95);
  expect(wilsonLower(5, 10, z)).toBeCloseTo(0.236593, 5);
  expect(wilsonUpper(5, 10, z)).toBeCloseTo(0.763407, 5);
  expect(wilsonLower(0, 10, z)).toBe(0);
  expect(wilsonUpper(0, 10, z)).toBeCloseTo((z * z) / (10 + z * z), 10);
  expect(wilsonUpper(10, 10, z)).toBe(1);
  expect(wilsonLower(0, 0, z)).toBeNaN();
  expect(wilsonUpper(0, 0, z)).toBeNaN();
});
