import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advise, advisoryReport, initialAdvisory } from '../../src/evidence/advisory.js';
import type { AdvisoryState } from '../../src/evidence/advisory.js';

const taken = (values: readonly number[]): AdvisoryState =>
  values.reduce((state, value, k) => advise(state, value, 60 * k), initialAdvisory());

/** A wave with some noise, as a metric that a minute's calls were aggregated into. */
const usual = (k: number): number => 0.3 + 0.03 * Math.sin(k / 9) + 0.002 * ((k * 7919) % 11);

describe('the advisory detector', () => {
  it('says nothing of what is usual, and says where a value is not', () => {
    const calm = taken(Array.from({ length: 300 }, (_, k) => usual(k)));
    expect(advisoryReport(calm)).toMatchObject({ label: 'advisory', unusual: 0, lastAt: -1 });
    const struck = advise(calm, 0.95, 18_000);
    expect(advisoryReport(struck)).toMatchObject({ label: 'advisory', unusual: 1, lastAt: 18_000 });
    expect(advisoryReport(struck).score).toBeGreaterThan(6);
    // What follows at once is the same finding.
    expect(advise(struck, 0.95, 18_060).unusual).toBe(1);
    expect(advise(calm, 0, 18_000).unusual).toBe(1);
  });

  it('has no score while there are few values, and a finite one for all of them', () => {
    expect(advisoryReport(taken([1, 2, 3])).score).toBeNull();
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 31, maxLength: 200 });
    fc.assert(
      fc.property(values, (list) => {
        const state = taken(list);
        expect(state.values.length).toBeLessThanOrEqual(96);
        expect(Number.isFinite(advisoryReport(state).score!)).toBe(true);
      }),
    );
  });
});
