import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BucketCounts } from '../../src/metrics/bucket-counts.js';

const BOUNDS = [0.1, 1, 10];
const bucketOf = (value: number): number => BOUNDS.filter((bound) => value > bound).length;

describe('quantiles of counts by bucket', () => {
  it('lie in the bucket of the value that they stand for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 9.99, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, share) => {
          const counts = new BucketCounts(BOUNDS);
          for (const value of values) counts.observe(value, '', 0);
          const sorted = [...values].sort((a, b) => a - b);
          const exact = sorted[Math.ceil(share * sorted.length - 1e-9) - 1]!;
          const estimate = counts.quantile(share)!;
          const index = bucketOf(exact);
          expect(estimate).toBeGreaterThanOrEqual(BOUNDS[index - 1] ?? 0);
          expect(estimate).toBeLessThanOrEqual(BOUNDS[index]! * (1 + 1e-9));
        },
      ),
    );
  });

  it('end at the last bound, and are unknown without an observation', () => {
    const counts = new BucketCounts(BOUNDS);
    expect(counts.quantile(0.5)).toBeNull();
    counts.observe(1000, '', 0);
    expect(counts.quantile(0.5)).toBe(10);
  });
});
