import type { CompiledEvidence, Evidence } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import type { CellRows } from '../../src/count/cells/cell-counts.js';
import { EvidenceSeries } from '../../src/engine/evidence/evidence-series.js';
import { promiseStatus } from '../../src/engine/evidence/promise-status.js';
import { createJudge } from '../../src/evidence/create-judge.js';

const NONE: CellRows = { rows: [], categories: [], units: 0, parts: [] };
const reference = { limit: 0.01, baseline: null, against: null, tolerance: 0, direction: 'up' as const };
const evidence: Evidence = {
  test: { type: 'rate', of: '', among: 'true', ...reference },
  promise: { falseAlarms: 0.05, per: 1000, alpha: null },
  mode: 'robust',
  maxSeries: 1,
  explainBy: [],
};
const THRESHOLD = Math.log(1000 / 0.05);
const STREAMS = 40;

/** Numbers in [0, 1) from a seed. */
function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** Reasons of a series after buckets of 100 calls, until the evidence reaches its threshold or the rates end. */
function reasonsOf(rates: readonly number[], seed: number): { alarmed: boolean; reasons: readonly string[] } {
  const next = uniforms(seed);
  const judge = createJudge(evidence);
  const series = new EvidenceSeries([], 0);
  let state = judge.initial();
  let alarmed = false;
  for (const [k, rate] of rates.entries()) {
    let s = 0;
    for (let i = 0; i < 100; i++) if (next() < rate) s++;
    const cells: CellRows = { ...NONE, rows: [['', '', [100 - s, s]]] };
    const before = series.evidence;
    state = judge.step(state, cells, NONE);
    series.record(cells, NONE, k, judge.evidence(state), judge.gain(before, judge.evidence(state)), false);
    alarmed = series.evidence >= THRESHOLD;
    if (alarmed) break;
  }
  const over = { groupBy: [] } as unknown as CompiledEvidence['over'];
  const { reasons } = promiseStatus(series, { evidence, over }, { joined: 0, lost: 0 });
  return { alarmed, reasons };
}

describe('the condition of a promise about bursts', () => {
  it.each([0.02, 0.05, 0.1])('is not held against a breach that lasts, at a rate of %d', (rate) => {
    const rates = Array.from({ length: 600 }, (_, k) => (k < 300 ? 0.01 : rate));
    const seen = Array.from({ length: STREAMS }, (_, i) => reasonsOf(rates, 2 * i + 1));
    expect(seen.filter(({ alarmed }) => alarmed).length).toBeGreaterThan(0.9 * STREAMS);
    expect(seen.filter(({ reasons }) => reasons.includes('burst')).length).toBeLessThanOrEqual(0.1 * STREAMS);
  });

  it('is found broken when bursts outlast a bucket', () => {
    // Five buckets in fifty at three times the rate of the others: too little to alarm by itself.
    const rates = Array.from({ length: 500 }, (_, k) => (k % 50 < 5 ? 0.021 : 0.006));
    const seen = Array.from({ length: STREAMS }, (_, i) => reasonsOf(rates, 2 * i + 1));
    expect(seen.filter(({ reasons }) => reasons.includes('burst')).length).toBeGreaterThan(0.5 * STREAMS);
  });
});

describe('the condition of a promise about truths and late groups', () => {
  const over = { groupBy: [] } as unknown as CompiledEvidence['over'];
  const status = (joined: number, lost: number) =>
    promiseStatus(new EvidenceSeries([], 0), { evidence, over }, { joined, lost });

  it.each([
    [0, 0],
    [99, 1],
    [9900, 100],
  ])('holds while one call in a hundred at most has none: %d joined, %d lost', (joined, lost) => {
    expect(status(joined, lost)).toEqual({ status: 'kept', reasons: [] });
  });

  it.each([
    [98, 2],
    [0, 1],
    [9899, 101],
  ])('is broken when more have none: %d joined, %d lost', (joined, lost) => {
    expect(status(joined, lost)).toEqual({ status: 'not_guaranteed', reasons: ['missing_facts'] });
  });
});
