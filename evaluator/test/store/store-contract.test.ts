import { afterEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/audit/verify-chain.js';
import type { Judgement, Store } from '../../src/store/types.js';
import { blocksOf } from '../count/blocks-of.js';
import { cleanUp, entry, kill, kinds, openedBy, verdict } from './store-support.js';

afterEach(cleanUp);

describe.each(kinds)('%s store', (_kind, open) => {
  const opened = (): Promise<Store> => openedBy(open);

  it('gives back a checkpoint, with absolute totals replaced and closed slices dropped', async () => {
    const store = await opened();
    const bucket = { revision: 'r', series: '["m"]', bucket: 60, arm: 'model' as const };
    await store.commitCheckpoint({
      buckets: blocksOf('r', [{ ...bucket, totals: new Uint8Array([1, 2]) }]),
      series: [{ revision: 'r', series: '["m"]', state: '{"a":1}' }],
      seen: [
        { slice: 60, ids: new Uint8Array(24).fill(7) },
        { slice: 120, ids: new Uint8Array(24).fill(8) },
      ],
      closedBefore: 0,
    });
    await store.commitCheckpoint({
      buckets: blocksOf('r', [{ ...bucket, totals: new Uint8Array([3]) }]),
      series: [],
      seen: [],
      closedBefore: 120,
    });
    expect(await store.loadCheckpoint()).toEqual({
      buckets: [{ ...bucket, totals: new Uint8Array([3]) }],
      series: [{ revision: 'r', series: '["m"]', state: '{"a":1}' }],
      seen: [{ slice: 120, ids: new Uint8Array(24).fill(8) }],
    });
  });

  it('chains audit records and finds them by each key', async () => {
    const store = await opened();
    const made = await store.appendAudit([
      entry({ kind: 'verdict', guardrail: 'slow', verdictId: 'v1', body: { score: Number.NaN, gone: undefined } }),
      entry({ kind: 'decision', traceId: 'abc' }),
    ]);
    await store.appendAudit([entry({ body: 'x'.repeat(70_000) })]);
    expect(made.map((r) => r.seq)).toEqual([1, 2]);
    const all = await store.queryAudit({});
    expect(all).toHaveLength(3);
    expect(all[0]!.body).toEqual({ score: null });
    expect(all[2]!.body).toEqual({ truncated: true, bytes: 70_002 });
    expect(verifyChain(all)).toMatchObject({ valid: true, records: 3 });
    expect((await store.queryAudit({ kind: 'decision' })).map((r) => r.seq)).toEqual([2]);
    expect((await store.queryAudit({ guardrail: 'slow' })).map((r) => r.seq)).toEqual([1]);
    expect((await store.queryAudit({ traceId: 'abc' })).map((r) => r.seq)).toEqual([2]);
    expect((await store.queryAudit({ verdictId: 'v1' })).map((r) => r.seq)).toEqual([1]);
    expect((await store.queryAudit({ after: 1, limit: 1 })).map((r) => r.seq)).toEqual([2]);
    expect((await store.queryAudit({ descending: true })).map((r) => r.seq)).toEqual([3, 2, 1]);
  });

  it('releases a verdict once, and an older state does not bring it back', async () => {
    const store = await opened();
    await store.putVerdict(verdict());
    expect(await store.releaseVerdict('v1', 50, { audit: [entry()] })).toBe(true);
    await store.putVerdict(verdict({ lastAt: 40 }));
    expect(await store.verdict('v1')).toMatchObject({ state: 'ok', code: 'operator', releasedAt: 50 });
    expect(await store.releaseVerdict('v1', 60, { audit: [entry()] })).toBe(false);
    expect(await store.releaseVerdict('none', 60, { audit: [entry()] })).toBe(false);
    expect(await store.queryAudit({})).toHaveLength(1);
    await store.putVerdict(verdict({ state: 'ok', releasedAt: 51, auditSeq: 7 }));
    expect(await store.verdict('v1')).toMatchObject({ releasedAt: 51, auditSeq: 7 });
  });

  it('lists verdicts newest first and by state', async () => {
    const store = await opened();
    await store.putVerdict(verdict());
    await store.putVerdict(verdict({ id: 'v2', guardrail: 'fair', firstAt: 30, releasedAt: 40 }));
    expect((await store.verdicts({})).map((v) => v.id)).toEqual(['v2', 'v1']);
    expect((await store.verdicts({ active: true })).map((v) => v.id)).toEqual(['v1']);
    expect((await store.verdicts({ active: false })).map((v) => v.id)).toEqual(['v2']);
    expect((await store.verdicts({ guardrail: 'fair' })).map((v) => v.id)).toEqual(['v2']);
    expect((await store.verdicts({ before: 30 })).map((v) => v.id)).toEqual(['v1']);
    expect(await store.verdict('v1')).toEqual(verdict());
    expect(await store.verdict('none')).toBeUndefined();
  });

  it('takes a fact once', async () => {
    const store = await opened();
    const fact = {
      kind: 'truth' as const,
      traceId: 't',
      spanId: 's',
      callId: '',
      name: 'repaid',
      value: 'true',
      at: 5,
    };
    expect(await store.putFacts([fact, { ...fact, name: 'other' }])).toEqual({ accepted: 2, duplicates: 0 });
    expect(await store.putFacts([fact])).toEqual({ accepted: 0, duplicates: 1 });
  });

  it('keeps the last judgement of each person', async () => {
    const store = await opened();
    await store.putFeedback({ verdictId: 'v1', judgement: 'right', by: 'ann', reason: 'yes', at: 1 });
    await store.putFeedback({ verdictId: 'v1', judgement: 'false_alarm', by: 'ann', reason: 'no', at: 2 });
    expect(await store.feedback('v1')).toEqual([
      { verdictId: 'v1', judgement: 'false_alarm', by: 'ann', reason: 'no', at: 2 },
    ]);
  });

  it('counts each judged verdict once, as most people say, by the mode that it was found in', async () => {
    const store = await opened();
    await store.putVerdict(verdict({ id: 'a', guardrail: 'slow', mode: 'dryrun', firstAt: 30 }));
    await store.putVerdict(verdict({ id: 'b', guardrail: 'slow', mode: 'dryrun', firstAt: 20 }));
    await store.putVerdict(verdict({ id: 'c', guardrail: 'slow', mode: 'enforce', firstAt: 40 }));
    await store.putVerdict(verdict({ id: 'd', guardrail: 'slow', mode: 'enforce', firstAt: 50 }));
    await store.putVerdict(verdict({ id: 'other', guardrail: 'fair', mode: 'enforce', firstAt: 10 }));
    const say = (verdictId: string, by: string, said: Judgement): Promise<void> =>
      store.putFeedback({ verdictId, judgement: said, by, reason: 'because', at: 1 });
    await say('a', 'ann', 'right');
    await say('a', 'bob', 'right');
    await say('a', 'eve', 'false_alarm');
    await say('c', 'ann', 'right');
    await say('c', 'bob', 'false_alarm');
    await say('d', 'ann', 'unclear');
    await say('d', 'bob', 'false_alarm');
    expect(await store.judgedVerdicts('slow')).toEqual([
      { mode: 'dryrun', verdicts: 2, right: 1, falseAlarm: 0, unclear: 0, since: 20 },
      { mode: 'enforce', verdicts: 2, right: 0, falseAlarm: 1, unclear: 1, since: 40 },
    ]);
    expect(await store.judgedVerdicts('none')).toEqual([]);
  });

  it('keeps each kill switch until it is over', async () => {
    const store = await opened();
    await store.putKillSwitches([kill]);
    await store.putKillSwitches([{ ...kill, id: 'k2', until: 50 }]);
    await store.putKillSwitches([{ ...kill, reason: 'other' }]);
    expect(await store.killSwitches()).toEqual([
      { ...kill, reason: 'other' },
      { ...kill, id: 'k2', until: 50 },
    ]);
    await store.prune(51);
    expect((await store.killSwitches()).map(({ id }) => id)).toEqual(['k1']);
  });

  it('never gives an epoch twice', async () => {
    const store = await opened();
    expect(await Promise.all([store.nextEpoch(), store.nextEpoch(), store.nextEpoch()])).toEqual([1, 2, 3]);
  });

  it('refuses work after it is closed', async () => {
    const store = await open();
    await store.close();
    await expect(store.nextEpoch()).rejects.toMatchObject({ code: 'GUARDSPAN_STORE_CLOSED' });
  });
});
