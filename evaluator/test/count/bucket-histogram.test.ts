import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BucketHistogram } from '../../src/count/bucket-histogram.js';
import { MAX_HISTOGRAM_KEY } from '../../src/count/histogram-key.js';

const key = fc.oneof(
  fc.integer({ min: -MAX_HISTOGRAM_KEY, max: MAX_HISTOGRAM_KEY }),
  // Keys that meet in small tables.
  fc.integer({ min: -30, max: 30 }).map((n) => n * 64),
);
const count = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 2 ** 44 }), fc.constant(2 ** 32 - 1));

test('counts as a map does, beyond 32 bits too', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, count), { maxLength: 120 }), (added) => {
      const histogram = new BucketHistogram();
      const expected = new Map<number, number>();
      for (const [k, n] of added) {
        histogram.add(k, n);
        expected.set(k, (expected.get(k) ?? 0) + n);
      }
      const found = new Map<number, number>();
      histogram.forEach((k, n) => found.set(k, n));
      expect(found).toEqual(expected);
      expect(histogram.size).toBe(expected.size);
      expect([...histogram.sortedKeys()]).toEqual([...expected.keys()].sort((a, b) => a - b));
      for (let k = -MAX_HISTOGRAM_KEY; k <= MAX_HISTOGRAM_KEY; k += 7)
        expect(histogram.count(k)).toBe(expected.get(k) ?? 0);
    }),
  );
});
