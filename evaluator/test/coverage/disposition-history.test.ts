import type { Disposition } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { DispositionHistory } from '../../src/coverage/disposition-history.js';

const growth = (guardrail: string, disposition: Disposition, count: number) => ({
  guarded: [{ model: 'm', version: '1', count: 10 }],
  dispositions: [{ guardrail, disposition, action: 'deny', count }],
});

describe('the history of dispositions', () => {
  it('adds up slices of ten seconds, for all guard-rails and for one', () => {
    const history = new DispositionHistory(1000);
    history.accept(growth('a', 'enforced', 2), 1001);
    history.accept(growth('b', 'would_act', 3), 1009.9);
    history.accept(growth('a', 'enforced', 5), 1012);
    expect(history.read(1015)).toEqual({
      step: 10,
      since: 1000,
      items: [
        { start: 1000, calls: 20, counts: { enforced: 2, would_act: 3 } },
        { start: 1010, calls: 10, counts: { enforced: 5 } },
      ],
    });
    expect(history.read(1015, 'b').items.map(({ counts }) => counts)).toEqual([{ would_act: 3 }, {}]);
  });

  it('forgets what is older than an hour, and says from when it knows', () => {
    const history = new DispositionHistory(0);
    for (let at = 0; at < 10_000; at += 10) history.accept(growth('a', 'enforced', 1), at);
    const { items, since } = history.read(9999);
    expect([items.length, items[0]?.start, since]).toEqual([360, 6400, 6400]);
    expect(history.read(20_000).items).toEqual([]);
  });

  it('counts into the newest slice when the clock steps back', () => {
    const history = new DispositionHistory(0);
    history.accept(growth('a', 'enforced', 1), 100);
    history.accept(growth('a', 'enforced', 1), 50);
    expect(history.read(100).items).toEqual([{ start: 100, calls: 20, counts: { enforced: 2 } }]);
  });

  it('tells a bounded number of guard-rails apart; the total counts all', () => {
    const history = new DispositionHistory(0);
    for (let n = 0; n < 2100; n += 1) history.accept(growth(`g${n}`, 'enforced', 1), 5);
    expect(history.read(5).items[0]?.counts).toEqual({ enforced: 2100 });
    expect(history.read(5, 'g1999').items[0]?.counts).toEqual({ enforced: 1 });
    expect(history.read(5, 'g2000').items[0]?.counts).toEqual({});
  });
});
