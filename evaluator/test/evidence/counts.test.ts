import { MEAN_UNITS } from '@guardspan/policy';
import type { Evidence, EvidenceTest, Observation } from '@guardspan/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CellCounts } from '../../src/count/cells/cell-counts.js';
import type { CellRows } from '../../src/count/cells/cell-counts.js';
import { createJudge } from '../../src/evidence/create-judge.js';
import { MeanBets } from '../../src/evidence/mean-bets.js';

const NONE: CellRows = { rows: [], categories: [], units: 0, parts: [] };
const ORIGIN = { model: 'm', version: '', featureView: '', from: 0, to: 0 };
const against = {
  limit: null,
  baseline: null,
  against: { field: 'model_version', value: 'previous' },
  tolerance: 0.25,
};
const limit = { limit: 0.3, baseline: null, against: null, tolerance: 0 };
const common = { of: '', among: 'true', direction: 'up' as const };
const gap = { attribute: 'g', of: '', among: 'true', ratio: 0.8, margin: 0, reference: '', groups: [] };
const shape = { attribute: 'g', of: '', among: 'true', strata: ['features.s'], edges: [] };
const baseline = { ...ORIGIN, calls: 1000, edges: [], categories: ['a', 'b', 'c'], counts: [500, 300, 200] };

type Kind = 'binary' | 'mean' | 'category';
const TESTS: [Kind, EvidenceTest][] = [
  ['binary', { type: 'rate', ...common, ...limit }],
  ['binary', { type: 'rate', ...common, ...against }],
  ['binary', { type: 'latency', within: 1, among: 'true', direction: 'up', ...limit }],
  ['binary', { type: 'rateGap', ...gap, sided: 'both', strata: ['features.s'] }],
  ['mean', { type: 'mean', ...common, range: [0, 1], ...limit }],
  ['mean', { type: 'mean', ...common, range: [0, 1], ...against }],
  ['category', { type: 'drift', of: '', among: 'true', tolerance: 0.01, baseline }],
  ['category', { type: 'association', ...shape }],
];

function calls(kind: Kind): fc.Arbitrary<Observation[]> {
  const one = fc.record({
    stratum: fc.constantFrom('["x"]', '["y"]'),
    group: fc.constantFrom('f', 'm'),
    column: kind === 'category' ? fc.constant(-1) : fc.integer({ min: 0, max: kind === 'mean' ? 63 : 1 }),
    category: kind === 'category' ? fc.constantFrom('a', 'b', 'c', 'd') : fc.constant(''),
    units: fc.constant(0),
  });
  const withUnits = one.map((call) => ({ ...call, units: kind === 'mean' ? (call.column * MEAN_UNITS) / 64 : 0 }));
  return fc.array(withUnits, { minLength: 1, maxLength: 150 });
}

function counted(observations: readonly Observation[]): CellRows {
  const counts = new CellCounts();
  for (const seen of observations) counts.add(seen, [seen.group]);
  return counts.toRows();
}

describe('evidence is a function of counts', () => {
  const named = TESTS.map(([kind, test]) => ({
    name: 'against' in test && test.against !== null ? `${test.type} against an arm` : test.type,
    kind,
    test,
  }));
  it.each(named)('$name: split over replicas and in any order, to the same bits', ({ kind, test }) => {
    const split = calls(kind).chain((list) =>
      fc.record({
        list: fc.constant(list),
        order: fc.shuffledSubarray(
          list.map((_, i) => i),
          { minLength: list.length },
        ),
        replicas: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: list.length, maxLength: list.length }),
      }),
    );
    fc.assert(
      fc.property(split, ({ list, order, replicas }) => {
        const whole = counted(list);
        const merged = new CellCounts();
        for (const replica of [2, 0, 1]) {
          merged.merge(counted(order.filter((i) => replicas[i] === replica).map((i) => list[i]!)));
        }
        expect(merged.toRows()).toEqual(whole);
        for (const mode of ['robust', 'iid'] as const) {
          for (const promise of [
            { falseAlarms: 1, per: 1000, alpha: null },
            { falseAlarms: null, per: 0, alpha: 0.05 },
          ]) {
            const evidence: Evidence = { test, mode, promise, maxSeries: 1, explainBy: [] };
            const judge = createJudge(evidence);
            const after = (cells: CellRows): number => {
              const arm = counted(list.slice(0, 40));
              return judge.evidence(judge.step(judge.step(judge.initial(), whole, arm), cells, arm));
            };
            expect(Object.is(after(merged.toRows()), after(whole))).toBe(true);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('a mean', () => {
  it.each(['robust', 'iid'] as const)(
    'has no expected gain on the border of H0, by exact enumeration, mode %s',
    (mode) => {
      const bets = new MeanBets(mode, 'product');
      // Values 0, 1/2 and 1 with probabilities whose mean is m; four calls.
      for (const [none, half] of [
        [0.5, 0.3],
        [0.9, 0.05],
        [0.1, 0.1],
      ] as const) {
        const law = [none, half, 1 - none - half];
        const m = half / 2 + (1 - none - half);
        let sum = 0;
        for (let outcome = 0; outcome < 3 ** 4; outcome++) {
          const values = [0, 1, 2, 3].map((place) => Math.floor(outcome / 3 ** place) % 3);
          const histogram = new Array<number>(64).fill(0);
          for (const value of values) histogram[Math.min(63, value * 32)]! += 1;
          const mean = values.reduce((total, value) => total + value / 2, 0) / 4;
          const weight = values.reduce((product, value) => product * law[value]!, 1);
          sum += weight * Math.exp(bets.evidence(bets.step(bets.initial(), histogram, mean, 4, m)));
        }
        expect(sum).toBeLessThanOrEqual(1 + 1e-12);
      }
    },
  );
});

it('a mean, a rate and latency are compared with a concurrent arm, whatever moves both', () => {
  for (const [kind, test] of TESTS.filter(([, each]) => 'against' in each && each.against !== null)) {
    for (const factor of [1, 2]) {
      const promise = { falseAlarms: 1, per: 1000, alpha: null };
      const judge = createJudge({ test, mode: 'robust', promise, maxSeries: 1, explainBy: [] });
      let state = judge.initial();
      for (let k = 0; k < 200; k++) {
        const share = 0.2 + 0.1 * Math.sin(k / 9);
        const cells = (rate: number): CellRows => {
          const s = Math.round(100 * rate);
          const histogram = new Array<number>(64).fill(0);
          [histogram[0], histogram[63]] = [100 - s, s];
          return kind === 'mean'
            ? { ...NONE, rows: [['', '', histogram]], units: s * MEAN_UNITS }
            : { ...NONE, rows: [['', '', [100 - s, s]]] };
        };
        state = judge.step(state, cells(factor * share), cells(share));
      }
      expect(judge.evidence(state) >= Math.log(1000), `${test.type} at ${factor}`).toBe(factor === 2);
    }
  }
});
