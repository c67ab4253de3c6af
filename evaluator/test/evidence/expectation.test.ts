import { describe, expect, it } from 'vitest';
import { GapBets } from '../../src/evidence/gap-bets.js';
import { RateBets } from '../../src/evidence/rate-bets.js';
import { ShareBets, shareBounds } from '../../src/evidence/share-bets.js';
import { lnGamma } from '../../src/evidence/special.js';

/** P(s events in n trials). */
function pmf(s: number, n: number, p: number): number {
  if (p === 0 || p === 1) return s === n * p ? 1 : 0;
  return Math.exp(lnGamma(n + 1) - lnGamma(s + 1) - lnGamma(n - s + 1) + s * Math.log(p) + (n - s) * Math.log1p(-p));
}
const grid = (steps: number): number[] => Array.from({ length: steps - 1 }, (_, i) => (i + 1) / steps);

describe('the expectation of an e-value under every law of H0 is at most 1, by exact enumeration', () => {
  it.each([
    ['product', 1, 0],
    ['product', 0.8, 0],
    ['product', 1, 0.05],
    ['detector', 1, 0],
    ['detector', 0.8, 0],
    ['detector', 1, 0.05],
  ] as const)(
    'two groups, %s, ratio %d and margin %d, any learned alternative and any sizes',
    (kind, ratio, margin) => {
      const bets = new GapBets('iid', kind, ratio, margin);
      const alternatives = bets.initial().logs.length;
      expect(alternatives).toBe(kind === 'product' ? 1 : 4);
      const most = new Array<number>(alternatives).fill(0);
      for (const [A, B] of [
        [0.5, 0.2],
        [0.9, 0.3],
        [0.05, 0.01],
        [0.6, 0.1],
      ] as const) {
        for (const [na, nb] of [
          [1, 1],
          [3, 7],
          [10, 2],
          [12, 12],
        ] as const) {
          const learned = { sa: A * 100, na: 100, sb: B * 100, nb: 100 };
          for (const a of grid(25)) {
            // The border of H0 and points inside of it.
            for (const b of [Math.max(0, ratio * a - margin), Math.min(1, ratio * a - margin + 0.1), 1]) {
              if (b < 0 || b > 1 || b < ratio * a - margin) continue;
              const sums = most.map(() => 0);
              for (let sa = 0; sa <= na; sa++) {
                for (let sb = 0; sb <= nb; sb++) {
                  const chance = pmf(sa, na, a) * pmf(sb, nb, b);
                  bets
                    .increments(learned, { sa, na, sb, nb })
                    .forEach((log, j) => (sums[j]! += chance * Math.exp(log)));
                }
              }
              sums.forEach((sum, j) => (most[j] = Math.max(most[j]!, sum)));
            }
          }
        }
      }
      for (const sum of most) {
        expect(sum).toBeLessThanOrEqual(1 + 1e-9);
        expect(sum).toBeGreaterThan(0.9);
      }
    },
  );

  it('two groups: a gap that opens after a long calm is bet on at once, and nothing is bet before a group is known', () => {
    const bets = new GapBets('iid', 'detector', 0.8, 0);
    const calm = { sa: 30, na: 60, sb: 20, nb: 40 };
    expect(bets.increments({ sa: 1, na: 2, sb: 1, nb: 2 }, calm)).toEqual([0, 0, 0, 0]);
    let state = bets.initial();
    for (let k = 0; k < 200; k++) state = bets.step(state, calm);
    let buckets = 0;
    for (; bets.evidence(state) < Math.log(1_000) && buckets < 100; buckets++)
      state = bets.step(state, { ...calm, sb: 10 });
    // The learned alternative alone needs 23: it has to forget the calm first.
    expect(buckets).toBeLessThanOrEqual(7);
  });

  it.each(['robust', 'iid'] as const)('a rate, mode %s', (mode) => {
    const bets = new RateBets(mode, 'product');
    for (const p0 of [0.01, 0.1, 0.5, 0.9]) {
      for (const p of [p0, p0 / 2]) {
        for (const n of [1, 5, 20]) {
          let sum = 0;
          for (let s = 0; s <= n; s++) {
            const state = bets.step(bets.initial(), s / n, n, p0);
            sum += pmf(s, n, p) * Math.exp(bets.evidence(state));
          }
          expect(sum).toBeLessThanOrEqual(1 + 1e-9);
        }
      }
    }
  });

  it('a rate in robust mode when all trials of a bucket are one and the same', () => {
    const bets = new RateBets('robust', 'product');
    for (const p of [0.01, 0.3]) {
      const of = (mean: number): number => Math.exp(bets.evidence(bets.step(bets.initial(), mean, 50, p)));
      expect((1 - p) * of(0) + p * of(1)).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  it('shares of three bins within the bounds of a reference', () => {
    const bounds = shareBounds([600, 300, 100], 0.02);
    const bets = new ShareBets('iid', 'product', bounds);
    const learned = [10, 20, 70];
    const n = 5;
    for (const theta of [bounds.center, [bounds.lower[0]!, bounds.upper[1]!], [bounds.upper[0]!, bounds.lower[1]!]]) {
      const [p1, p2] = theta as [number, number];
      const p3 = 1 - p1 - p2;
      if (p3 < bounds.lower[2]! || p3 > bounds.upper[2]!) continue;
      let sum = 0;
      for (let a = 0; a <= n; a++) {
        for (let b = 0; a + b <= n; b++) {
          const c = n - a - b;
          const ways = lnGamma(n + 1) - lnGamma(a + 1) - lnGamma(b + 1) - lnGamma(c + 1);
          const law = Math.exp(ways + a * Math.log(p1) + b * Math.log(p2) + c * Math.log(p3));
          const state = bets.step({ ...bets.initial(), learned }, [a, b, c]);
          sum += law * Math.exp(bets.evidence(state));
        }
      }
      expect(sum).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  it('the standardised difference of two groups of 30 or more, whatever their sizes', () => {
    const bets = new GapBets('robust', 'detector', 1, 0);
    for (const [na, nb] of [
      [30, 30],
      [30, 90],
      [90, 30],
      [300, 30],
    ] as const) {
      for (const p of [0.02, 0.1, 0.3, 0.5, 0.9]) {
        const sums = [0, 0, 0];
        for (let sa = 0; sa <= na; sa++) {
          const weight = pmf(sa, na, p);
          if (weight < 1e-15) continue;
          for (let sb = 0; sb <= nb; sb++) {
            const { logs } = bets.step(bets.initial(), { sa, na, sb, nb });
            const both = weight * pmf(sb, nb, p);
            logs.forEach((log, j) => (sums[j]! += both * Math.exp(log)));
          }
        }
        for (const sum of sums) expect(sum, `${na} and ${nb} at ${p}`).toBeLessThanOrEqual(1 + 1e-9);
      }
    }
  });
});
