import { compileEvidence } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { CellCounts } from '../../src/count/cells/cell-counts.js';
import type { CellRows } from '../../src/count/cells/cell-counts.js';
import { addDispersion, dispersionOf, initialDispersion, refusesIid } from '../../src/engine/evidence/dispersion.js';
import { EvidenceRule } from '../../src/engine/evidence/evidence-rule.js';
import { EvidenceSeries } from '../../src/engine/evidence/evidence-series.js';
import { documents, record, start } from './support.js';

const T0 = 1_800_000_000;
const STREAMS = 200;

/** Numbers in [0, 1) from a seed. */
function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

function cellsOf(rows: CellRows['rows']): CellRows {
  return { rows, categories: [], units: 0, parts: [] };
}

/** Sums of `buckets` buckets of `groups`, each of `n` calls whose rate `rateOf` draws for each bucket. */
function sumsOf(
  seed: number,
  groups: string[],
  buckets: number,
  n: number,
  rateOf: (u: number, group: string) => number,
) {
  const next = uniforms(seed);
  let sums = initialDispersion();
  for (let k = 0; k < buckets; k++) {
    const rows = groups.map((group): CellRows['rows'][number] => {
      const rate = rateOf(next(), group);
      let s = 0;
      for (let i = 0; i < n; i++) if (next() < rate) s++;
      return ['', group, [n - s, s]];
    });
    sums = addDispersion(sums, cellsOf(rows));
  }
  return sums;
}

function refused(groups: string[], n: number, rateOf: (u: number, group: string) => number): number {
  const seeds = Array.from({ length: STREAMS }, (_, i) => 7919 * i + 1);
  return seeds.filter((seed) => refusesIid(sumsOf(seed, groups, 60, n, rateOf))).length / STREAMS;
}

describe('the gauge of over-dispersion', () => {
  it.each([
    [100, 0.5],
    [100, 0.01],
    [20, 0.02],
    [3, 0.5],
  ])('seldom refuses independent calls: %d in a bucket at a rate of %d', (n, rate) => {
    expect(refused([''], n, () => rate)).toBeLessThanOrEqual(0.04);
    expect(refused(['f', 'm'], n, () => rate)).toBeLessThanOrEqual(0.04);
  });

  it.each([[['']], [['f', 'm']]])('refuses calls whose rate differs from bucket to bucket, groups %j', (groups) => {
    expect(refused(groups, 100, (u) => (u < 0.5 ? 0.01 : 0.09))).toBeGreaterThan(0.95);
  });

  it.each([
    ['the smaller of two groups', ['f', 'm']],
    ['one of ten groups', Array.from('fabcdeghij')],
  ])('refuses calls of which %s comes in clusters, and seldom such groups without', (_, groups) => {
    const clustered = (u: number, group: string): number => (group !== 'f' ? 0.05 : u < 0.5 ? 0.01 : 0.09);
    expect(refused(groups, 100, clustered)).toBeGreaterThan(0.95);
    expect(refused(groups, 100, () => 0.05)).toBeLessThanOrEqual(0.04);
  });

  it('is not fooled by a season, nor by a breach that begins', () => {
    let hour = 0;
    expect(refused([''], 100, () => 0.3 + 0.2 * Math.sin(hour++ / 40))).toBeLessThanOrEqual(0.04);
    let bucket = 0;
    expect(refused([''], 2000, () => (bucket++ % 60 < 41 ? 0.02 : 0.5))).toBeLessThanOrEqual(0.04);
  });

  it('is not fooled by groups with different rates, and says nothing of single calls or few buckets', () => {
    let [apart, single] = [initialDispersion(), initialDispersion()];
    for (let k = 0; k < 40; k++) {
      apart = addDispersion(
        apart,
        cellsOf([
          ['', 'f', [90, 10]],
          ['', 'm', [10, 90]],
        ]),
      );
      single = addDispersion(single, cellsOf([['', '', k % 2 === 0 ? [1, 0] : [0, 1]]]));
    }
    expect(dispersionOf(apart).phi).toBeCloseTo(0, 9);
    expect(dispersionOf(single).phi).toBeNaN();
    expect(dispersionOf(sumsOf(1, [''], 9, 100, (u) => u)).phi).toBeNaN();
  });
});

describe('honest streams of mode iid', () => {
  /** Shares of streams of 300 buckets, a hundred calls each, that reach the threshold of 1 % and that are acted on; and the median bucket of that. */
  const sharesOf = (rateOf: (u: number) => number): { reached: number; acted: number; median: number } => {
    const text = rateIn('iid')
      .replace('0.02', '0.01')
      .replace('{falseAlarms: 1, per: 30d}', '{falseAlarms: 0.05, per: 500s}');
    const compiled = compileEvidence(documents(text.replace('mode: iid', 'mode: iid\n    maxSeries: 1'))[0]!);
    const rule = new EvidenceRule(compiled);
    const at: number[] = [];
    let reached = 0;
    for (let stream = 0; stream < 100; stream++) {
      const next = uniforms(7919 * stream + 1);
      const series = new EvidenceSeries(['a'], 0);
      series.judge = rule.judge.initial();
      let acts = false;
      for (let k = 0; k < 300 && !acts; k++) {
        const rate = rateOf(next());
        let s = 0;
        for (let i = 0; i < 100; i++) if (next() < rate) s++;
        const cells = new CellCounts();
        cells.merge(cellsOf([['', '', [100 - s, s]]]));
        rule.feed(series, cells, () => cellsOf([]), k);
        acts = rule.input(series).breach;
        if (acts) at.push(k + 1);
      }
      if (series.highest >= rule.threshold) reached++;
    }
    return { reached: reached / 100, acted: at.length / 100, median: at.sort((a, b) => a - b)[at.length >> 1] ?? NaN };
  };

  it.each([
    ['1 %', 0.5, 0.02],
    ['5 %', 0.168, 0.0595],
    ['20 %', 0.048, 0.208],
  ])(
    'are acted on as seldom as promised when calls are correlated by %s, though their evidence reaches the threshold',
    (_, share, rate) => {
      const { reached, acted } = sharesOf((u) => (u < share ? rate : 0));
      expect(reached).toBeGreaterThan(0.25);
      expect(acted).toBeLessThanOrEqual(0.05);
    },
  );

  it.each([
    [0.02, 32],
    [0.05, 9],
  ])('lose nothing of a breach of %d when calls are independent, and little time', (rate, buckets) => {
    const { acted, median } = sharesOf(() => rate);
    expect(acted).toBeGreaterThanOrEqual(0.98);
    expect(median).toBeLessThanOrEqual(buckets);
  });
});

describe('a series with one number in each bucket', () => {
  it('gets advice that is called so, and nothing acts on it', () => {
    const { engine, transitions } = start(
      documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: load}
spec:
  over:
    every: 60s
    groupBy: [model]
    test: {mean: {of: duration, range: [0, 10], max: 2}}
    promise: {falseAlarms: 1, per: 30d}
    maxSeries: 1
  action: {annotate: {attributes: {a: b}}}
  mode: warn
`),
      T0,
    );
    // An aggregated metric: it wanders, and each value is like the one before.
    for (let k = 0; k < 400; k++) {
      const duration = k === 350 ? 9.9 : 1.5 + (k > 100 ? 1.5 : 0) + 0.1 * Math.sin(k / 5);
      engine.accept([record(k + 1, T0 + 60 * k, { duration })], T0 + 60 * k + 12);
    }
    engine.tick(T0 + 60 * 410);
    const [report] = engine.reports();
    expect(transitions).toEqual([]);
    expect(report!.evidence.highest).toBeGreaterThan(report!.evidence.threshold);
    expect(report!.advisory).toMatchObject({ label: 'advisory', lastAt: T0 + 60 * 350 });
    expect(report!.advisory!.unusual).toBeGreaterThanOrEqual(2);
    expect(report!.summary).toMatch(/^Advisory, no promise, and not acted on: /);
    expect(report!.promise.reasons).toContain('one_value_per_bucket');
  });
});

const rateIn = (mode: string): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors}
spec:
  over:
    every: 1s
    groupBy: [model]
    test: {rate: {of: "error.type != ''", max: 0.02}}
    promise: {falseAlarms: 1, per: 30d}
    mode: ${mode}
  action: {reroute: {to: backup}}
  mode: enforce
`;
const LATENCY = rateIn('iid').replace(`rate: {of: "error.type != ''",`, 'latency: {within: 1s,');
const GAP = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: equal}
spec:
  over:
    every: 10s
    groupBy: [model]
    test: {rateGap: {attribute: sex, of: "truth.repaid == true", ratio: 0.8}}
    promise: {falseAlarms: 1, per: 90d}
    mode: iid
  action: {annotate: {attributes: {unequal: 'yes'}}}
  mode: warn
`;

/** Forty seconds within the limit, with so many failures of a hundred calls in turn, and thirty seconds at 10 %. */
function failing(document: string, turns: readonly [number, number]) {
  const { engine, transitions } = start(documents(document), T0);
  for (let k = 0; k < 70; k++) {
    const failures = k < 40 ? turns[k % 2]! : 10;
    const calls = Array.from({ length: 100 }, (_, i) =>
      record(k * 1000 + i, T0 + k, i < failures ? { error: 'timeout', duration: 1.5 } : {}),
    );
    engine.accept(calls, T0 + k + 0.6);
  }
  engine.tick(T0 + 80);
  return { transitions, report: engine.reports()[0]! };
}

/** Forty buckets in which both groups have the same rate on average, and twenty in which one falls behind. */
function unequal(turns: readonly [number, number]) {
  const { engine, transitions } = start(documents(GAP), T0);
  let id = 0;
  for (let k = 0; k < 60; k++) {
    const at = T0 + k * 10;
    const repaid = k < 40 ? { f: turns[k % 2]!, m: turns[(k + 1) % 2]! } : { f: 8, m: 32 };
    const calls = Array.from({ length: 80 }, () => record(++id, at));
    engine.accept(calls, at + 1);
    const facts = calls.flatMap(({ id: identity }, i) => {
      const sex = i % 2 === 0 ? 'f' : 'm';
      return [
        { ...identity, kind: 'group' as const, name: 'sex', value: sex },
        { ...identity, kind: 'truth' as const, name: 'repaid', value: String(i >> 1 < repaid[sex]) },
      ];
    });
    engine.facts(facts, at + 2);
  }
  engine.tick(T0 + 630);
  return { transitions, report: engine.reports()[0]! };
}

describe('mode iid', () => {
  it.each([
    ['rate', failing(rateIn('iid'), [0, 4])],
    ['latency', failing(LATENCY, [0, 4])],
    ['rateGap', unequal([8, 32])],
  ])('does not act on a %s whose calls are not independent, shows its evidence and says why', (_, seen) => {
    const { transitions, report } = seen;
    expect(transitions).toEqual([]);
    expect(report.evidence.highest).toBeGreaterThanOrEqual(report.evidence.threshold);
    expect(report.promise).toMatchObject({ status: 'not_guaranteed' });
    expect(report.promise.reasons).toContain('dispersion');
    expect(report.promise.text).toContain('does not act until mode robust is chosen');
    expect(report.summary).toMatch(/^Not acted on: .*Choose mode robust\./);
  });

  it.each([
    ['rate', failing(rateIn('iid'), [2, 2])],
    ['latency', failing(LATENCY, [2, 2])],
    ['rateGap', unequal([20, 20])],
    ['rate in mode robust, whatever the calls', failing(rateIn('robust'), [0, 4])],
  ])('is no hindrance to a %s', (_, { transitions, report }) => {
    expect(transitions[0]).toMatchObject({ from: 'ok', to: 'firing' });
    expect(report.promise.reasons).not.toContain('dispersion');
  });
});
