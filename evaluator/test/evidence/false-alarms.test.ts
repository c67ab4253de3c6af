import type { Evidence, EvidenceTest } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import type { CellRows } from '../../src/count/cells/cell-counts.js';
import { createJudge } from '../../src/evidence/create-judge.js';
import { seededRandom as random } from '../../../demo/src/seeded-random.js';

const full = process.env['GUARDSPAN_VERIFY'] === 'full';
const STREAMS = full ? 2_000 : 300;
const BUCKETS = 200;
const NONE: CellRows = { rows: [], categories: [], units: 0, parts: [] };

const common = { among: 'true', tolerance: 0, direction: 'up' as const, baseline: null, against: null };
const gap = { ratio: 1, margin: 0, reference: '', groups: [], sided: 'both' as const, strata: [] };
const ORIGIN = { model: 'm', version: '', featureView: '', from: 0, to: 0 };
const RATE: EvidenceTest = { type: 'rate', of: '', ...common, limit: 0.1 };
const GAP: EvidenceTest = { type: 'rateGap', attribute: 'g', of: '', among: 'true', ...gap };
const DRIFT: EvidenceTest = {
  type: 'drift',
  of: '',
  among: 'true',
  tolerance: 0,
  baseline: { ...ORIGIN, calls: 10_000, edges: [1, 2, 3], categories: [], counts: [4_000, 3_000, 2_000, 1_000] },
};
const ASSOCIATION: EvidenceTest = { type: 'association', of: '', attribute: 'g', among: 'true', strata: [], edges: [] };

type Draw = (next: () => number) => CellRows;
const events = (next: () => number, n: number, p: number): number => {
  let s = 0;
  for (let i = 0; i < n; i++) if (next() < p) s++;
  return s;
};
const rate: Draw = (next) => {
  const s = events(next, 50, 0.1);
  return { ...NONE, rows: [['', '', [50 - s, s]]] };
};
const groups: Draw = (next) => ({
  ...NONE,
  rows: ['a', 'b'].map((group, i): CellRows['rows'][number] => {
    const n = i === 0 ? 40 : 35;
    const s = events(next, n, 0.3);
    return ['', group, [n - s, s]];
  }),
});
const bins =
  (names: string[]): Draw =>
  (next) => ({
    ...NONE,
    categories: names.length > 0 ? ['p', 'q', 'r'] : [],
    rows: (names.length > 0 ? names : ['']).map((group): CellRows['rows'][number] => {
      const counts = [0, 0, 0, 0].slice(0, names.length > 0 ? 3 : 4);
      for (let i = 0; i < 60; i++) {
        const x = next();
        counts[x < 0.4 ? 0 : x < 0.7 ? 1 : x < 0.9 || counts.length === 3 ? 2 : 3]!++;
      }
      return ['', group, counts];
    }),
  });

/** P(Binomial(n, p) >= k), to say how surprising a count is. */
function atLeast(k: number, n: number, p: number): number {
  let term = Math.pow(1 - p, n);
  let below = 0;
  for (let s = 0; s < k; s++) {
    below += term;
    term *= ((n - s) / (s + 1)) * (p / (1 - p));
  }
  return 1 - below;
}

describe('a promise is kept on streams that respect the guard-rail', () => {
  const cases: [string, EvidenceTest, Draw][] = [
    ['rate', RATE, rate],
    ['rateGap', GAP, groups],
    ['drift', DRIFT, bins([])],
    ['association', ASSOCIATION, bins(['a', 'b'])],
  ];
  for (const [name, test, draw] of cases) {
    for (const mode of ['robust', 'iid'] as const) {
      it(`${name}, ${mode}: alarms in at most one stream of ten, within chance`, () => {
        const promise = { falseAlarms: 0.1, per: BUCKETS, alpha: null };
        const evidence: Evidence = { test, promise, mode, maxSeries: 1, explainBy: [] };
        const judge = createJudge(evidence);
        let alarms = 0;
        for (let stream = 0; stream < STREAMS; stream++) {
          const next = random(stream * 7919 + 1);
          let state = judge.initial();
          for (let k = 0; k < BUCKETS; k++) {
            state = judge.step(state, draw(next), NONE);
            if (judge.evidence(state) >= Math.log(BUCKETS / 0.1)) {
              alarms++;
              break;
            }
          }
        }
        expect(atLeast(alarms, STREAMS, 0.1), `${alarms} of ${STREAMS}`).toBeGreaterThan(1e-4);
      });
    }
  }

  it('the mean time between false alarms of an e-detector is at least its threshold', () => {
    const threshold = full ? 200 : 50;
    const promise = { falseAlarms: 1, per: threshold, alpha: null };
    const judge = createJudge({ test: RATE, promise, mode: 'iid', maxSeries: 1, explainBy: [] });
    const lengths: number[] = [];
    for (let stream = 0; stream < 200; stream++) {
      const next = random(stream * 104_729 + 5);
      let state = judge.initial();
      let k = 0;
      do {
        state = judge.step(state, rate(next), NONE);
        k++;
      } while (judge.evidence(state) < Math.log(threshold) && k < threshold * 50);
      lengths.push(k);
    }
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    expect(mean).toBeGreaterThan(threshold);
  });
});

describe('evidence is a function of the counts', () => {
  it('state goes through JSON and comes back to the same bits', () => {
    for (const test of [RATE, GAP, DRIFT, ASSOCIATION]) {
      const promise = { falseAlarms: null, per: 0, alpha: 0.05 };
      for (const mode of ['robust', 'iid'] as const) {
        const judge = createJudge({ test, promise, mode, maxSeries: 1, explainBy: [] });
        const draw = test === RATE ? rate : test === GAP ? groups : test === DRIFT ? bins([]) : bins(['a', 'b']);
        const next = random(11);
        let [straight, stored] = [judge.initial(), judge.initial()];
        for (let k = 0; k < 50; k++) {
          const cells = draw(next);
          straight = judge.step(straight, cells, NONE);
          stored = judge.step(JSON.parse(JSON.stringify(stored)), cells, NONE);
        }
        expect(Object.is(judge.evidence(straight), judge.evidence(stored))).toBe(true);
      }
    }
  });

  it('a step changes no state that was given to it', () => {
    const promise = { falseAlarms: 1, per: 100, alpha: null };
    for (const test of [RATE, GAP, DRIFT, ASSOCIATION]) {
      const judge = createJudge({ test, promise, mode: 'iid', maxSeries: 1, explainBy: [] });
      const draw = test === RATE ? rate : test === GAP ? groups : test === DRIFT ? bins([]) : bins(['a', 'b']);
      const next = random(3);
      const before = judge.step(judge.initial(), draw(next), NONE);
      const copy = JSON.stringify(before);
      judge.step(before, draw(next), NONE);
      expect(JSON.stringify(before)).toBe(copy);
    }
  });
});

describe('evidence grows when the guard-rail is broken', () => {
  it('a seasonal base rate and a changing mix of groups fool nobody, a real gap is found', () => {
    const promise = { falseAlarms: 1, per: BUCKETS, alpha: null };
    const judge = createJudge({ test: GAP, promise, mode: 'robust', maxSeries: 1, explainBy: [] });
    for (const factor of [1, 0.6]) {
      const next = random(17);
      let state = judge.initial();
      for (let k = 0; k < BUCKETS; k++) {
        const base = 0.35 + 0.15 * Math.sin(k / 10);
        const n = Math.round(60 + 25 * Math.sin(k / 10));
        const rows = [
          ['a', 120 - n, base],
          ['b', n, factor * base],
        ].map(([group, size, p]): CellRows['rows'][number] => {
          const s = events(next, size as number, p as number);
          return ['', group as string, [(size as number) - s, s]];
        });
        state = judge.step(state, { ...NONE, rows }, NONE);
      }
      const found = judge.evidence(state) >= Math.log(BUCKETS);
      expect(found).toBe(factor < 1);
    }
  });
});
