import { describe, expect, it } from 'vitest';
import { ReportCounters } from '../../src/guard/report-counters.js';

describe('report counters', () => {
  it('reports absolute totals, and only what changed', () => {
    const counters = new ReportCounters();
    counters.limits = [0.5, 2];
    const cell = counters.cell('m', '1', 1003);
    for (const seconds of [0.1, 1, 5]) {
      counters.started(cell, '');
      counters.ended(cell, false, seconds);
    }
    const first = counters.take(1004, 3, 100)!;
    expect(first).toMatchObject({ seq: 1, clock: 1004, feedDropped: 3 });
    expect(first.cells).toEqual([
      {
        model: 'm',
        version: '1',
        bucket: 1000,
        started: 3,
        denied: 0,
        finished: 3,
        finishedWithin: { '0.5': 1, '2': 2 },
        guarded: 3,
        unguarded: {},
      },
    ]);
    expect(counters.take(1005, 3, 100)).toBeNull();
    counters.started(cell, '');
    expect(counters.take(1006, 3, 100)!.cells[0]!.started).toBe(4);
  });

  it('tells everything again to a new connection', () => {
    const counters = new ReportCounters();
    counters.started(counters.cell('m', '1', 0), '');
    counters.take(0, 0, 10);
    counters.resend();
    expect(counters.take(0, 0, 10)!.cells).toHaveLength(1);
  });

  it('sends no more cells than allowed, and the rest next time', () => {
    const counters = new ReportCounters();
    for (let i = 0; i < 5; i++) counters.started(counters.cell(`m${i}`, '', 0), '');
    expect(counters.take(0, 0, 3)!.cells).toHaveLength(3);
    expect(counters.take(0, 0, 3)!.cells).toHaveLength(2);
  });

  it('keeps its memory bounded and loses no count', () => {
    const counters = new ReportCounters();
    for (let i = 0; i < 5000; i++) counters.started(counters.cell(`m${i}`, '', 0), '');
    const { cells } = counters.take(0, 0, 10_000)!;
    expect(cells.length).toBeLessThanOrEqual(2001);
    expect(cells.reduce((sum, { started }) => sum + started, 0)).toBe(5000);
  });

  it('lowers coverage by one for each call that somebody else makes', () => {
    const counters = new ReportCounters();
    for (let i = 0; i < 8; i++) counters.started(counters.cell('m', '', 0), '');
    counters.unguarded('raw_http', 'api.openai.com', 0);
    counters.unguarded('unpatched_client', 'openai', 0);
    expect(counters.coverage()).toEqual({ calls: 10, guarded: 8, coverage: 0.8 });
    expect(counters.gaps()).toEqual([
      { reason: 'raw_http', name: 'api.openai.com', count: 1 },
      { reason: 'unpatched_client', name: 'openai', count: 1 },
    ]);
  });
});
