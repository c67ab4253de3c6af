import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { associationJudge } from '../../src/evidence/association-judge.js';
import { wassersteinOf } from '../../src/evidence/wasserstein.js';
import { project } from '../../src/evidence/gap-bets.js';
import { lowerRateBound, upperRateBound } from '../../src/evidence/rate-bound.js';
import { rateInterval } from '../../src/evidence/rate-interval.js';
import { ratioOf } from '../../src/evidence/rate-judge.js';
import { lnBeta, lnGamma, lnNormalCdf } from '../../src/evidence/special.js';

interface Parity {
  lnGamma: [number, number][];
  lnBeta: [number, number, number][];
  lnNormalCdf: [number, number][];
  rateInterval: [number, number, number, [number, number]][];
  rateBound: [number, number, number, [number, number]][];
  project: [number, number, number, number, number, number, [number, number]][];
  fairlearn: { counts: [number, number][]; ratio: number };
  information: { table: number[][]; value: number };
  wasserstein: { edges: number[]; counts: number[]; reference: number[]; value: number };
}
// Made by make_parity.py.
const parity = JSON.parse(readFileSync(new URL('./parity.json', import.meta.url), 'utf8')) as Parity;

/** Relative where numbers are large, absolute where they are small. */
function near(value: number, expected: number, tolerance: number): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
}

describe('numbers agree with SciPy, Fairlearn', () => {
  it('ln Γ, ln B and ln Φ', () => {
    for (const [x, expected] of parity.lnGamma) near(lnGamma(x), expected, 1e-12);
    for (const [a, b, expected] of parity.lnBeta) near(lnBeta(a, b), expected, 1e-12);
    for (const [x, expected] of parity.lnNormalCdf) near(lnNormalCdf(x), expected, 1e-12);
  });
  it('ends of confidence sequences', () => {
    for (const [s, n, alpha, [lower, upper]] of parity.rateInterval) {
      const interval = rateInterval(s, n, alpha);
      near(interval[0], lower, 1e-12);
      near(interval[1], upper, 1e-12);
    }
  });
  it('exact bounds of a rate', () => {
    for (const [s, n, alpha, [lower, upper]] of parity.rateBound) {
      near(lowerRateBound(s, n, alpha), lower, 1e-12);
      near(upperRateBound(s, n, alpha), upper, 1e-12);
    }
  });
  it('projections onto the null hypothesis', () => {
    for (const [A, B, na, nb, c, d, [a, b]] of parity.project) {
      const found = project(A, B, na, nb, c, d);
      // The minimum is flat: SciPy finds its place to about the root of its precision.
      near(found[0], a, 1e-7);
      near(found[1], b, 1e-7);
    }
  });
  it('the ratio of selection rates', () => {
    const [a, b] = parity.fairlearn.counts.map(([no, yes]) => ({ s: yes, n: no + yes })) as [
      { s: number; n: number },
      { s: number; n: number },
    ];
    const { value, lower, upper } = ratioOf(a, b, 0.05);
    near(Math.min(value, 1 / value), parity.fairlearn.ratio, 1e-12);
    expect(lower).toBeLessThan(value);
    expect(upper).toBeGreaterThan(value);
  });
  it('mutual information, less its bias', () => {
    const { table, value } = parity.information;
    const rows = table.map((counts, i): [string, string, number[]] => ['', `g${i}`, counts]);
    const test = { type: 'association', of: '', attribute: 'g', among: 'true', strata: [], edges: [] } as const;
    const cells = { rows, categories: ['p', 'q', 'r'], units: 0, parts: [] };
    const effect = associationJudge({ ...test, strata: [], edges: [] }, 'iid', 'product').effect(cells, cells);
    near(effect!.value, value, 1e-12);
    expect(effect!.lower).toBeLessThanOrEqual(value);
    expect(effect!.upper).toBeGreaterThanOrEqual(value);
  });
  it('the distance of Wasserstein', () => {
    const { edges, counts, reference, value } = parity.wasserstein;
    const distance = wassersteinOf(counts, reference, edges);
    near(distance.value, value, 1e-12);
    expect(distance.lower).toBeLessThanOrEqual(value);
    expect(distance.upper).toBeGreaterThanOrEqual(value);
  });
});
