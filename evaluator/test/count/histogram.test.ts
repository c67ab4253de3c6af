import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { histogramKey, histogramValue } from '../../src/count/histogram-key.js';
import { WindowHistogram } from '../../src/count/window-histogram.js';

const value = fc.oneof(
  fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
  fc.double({ min: -1e9, max: -1e-6, noNaN: true }),
  fc.constant(0),
);

describe('quantile histogram', () => {
  test('stands for each value within 1.09 %', () => {
    fc.assert(
      fc.property(value, (x) => {
        expect(Math.abs(histogramValue(histogramKey(x)) - x)).toBeLessThanOrEqual(0.0109 * Math.abs(x));
      }),
    );
  });

  test('orders keys as values', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        if (a <= b) expect(histogramKey(a)).toBeLessThanOrEqual(histogramKey(b));
      }),
    );
  });

  test('puts a power of two at the upper end of its bin', () => {
    for (let e = -29; e <= 39; e++) expect(histogramKey(2 ** e)).toBe(histogramKey(2 ** e * 0.999));
  });

  test('gives the nearest-rank quantile within the stated error, also after taking values back', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1 }),
        fc.array(value),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (kept, gone, q) => {
          const histogram = new WindowHistogram();
          for (const x of [...kept, ...gone]) histogram.add(histogramKey(x), 1);
          for (const x of gone) histogram.add(histogramKey(x), -1);
          const exact = [...kept].sort((a, b) => a - b)[Math.max(1, Math.ceil(q * kept.length)) - 1]!;
          expect(Math.abs(histogram.quantile(q) - exact)).toBeLessThanOrEqual(0.0109 * Math.abs(exact));
        },
      ),
    );
  });
});
