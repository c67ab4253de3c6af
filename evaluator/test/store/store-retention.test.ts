import { afterEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/audit/verify-chain.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/types.js';
import { cleanUp, kinds, openedBy, entry, verdict } from './store-support.js';

afterEach(cleanUp);

const DAY = 86_400;

describe.each(kinds)('retention of a %s store', (_kind, open) => {
  const opened = (): Promise<Store> => openedBy(open);

  it('prunes by age and leaves a chain that continues', async () => {
    const store = await opened();
    const now = 1000 * DAY;
    await store.appendAudit([entry({ at: now - 300 * DAY }), entry({ at: now - 200 * DAY }), entry({ at: now })]);
    await store.putVerdict(verdict({ id: 'old', firstAt: 1, releasedAt: now - 200 * DAY }), { summary: 'old' });
    await store.putVerdict(verdict({ id: 'lasting', firstAt: 1, releasedAt: 0 }), { summary: 'lasting' });
    await store.prune(now);
    await store.appendAudit([entry({ at: now })]);
    const left = await store.queryAudit({});
    expect(left.map((r) => r.seq)).toEqual([3, 4, 5]);
    expect(left[1]).toMatchObject({
      ...{ kind: 'system', at: now, actor: 'evaluator' },
      body: { change: 'pruned', from: 1, through: 2, head: left[0]!.previous, because: 'age' },
    });
    expect(verifyChain(left)).toMatchObject({ valid: true, first: 3, start: 'anchor', anchor: 4 });
    // What has nothing to remove puts nothing on record.
    await store.prune(now);
    expect(await store.queryAudit({})).toHaveLength(3);
    expect((await store.verdicts({})).map((v) => v.id)).toEqual(['lasting']);
    expect(await store.verdictReport('lasting')).toEqual({ summary: 'lasting' });
    expect(await store.verdictReport('old')).toBeUndefined();
  });
});

describe('the bound of records', () => {
  it('takes the oldest before their time, keeps the newest with an anchor, and the chain verifies after each cut', async () => {
    const store = createMemoryStore({ retention: { auditRecords: 10 } });
    await store.appendAudit(Array.from({ length: 25 }, (_, at) => entry({ at })));
    await store.prune(30);
    const once = await store.queryAudit({});
    expect(once.map(({ seq }) => seq)).toEqual([17, 18, 19, 20, 21, 22, 23, 24, 25, 26]);
    expect(once.at(-1)!.body).toMatchObject({ change: 'pruned', from: 1, through: 16, because: 'size' });
    expect(verifyChain(once)).toMatchObject({ valid: true, start: 'anchor', anchor: 26 });
    // As many as may be left are left alone.
    await store.prune(31);
    expect((await store.queryAudit({})).at(-1)!.seq).toBe(26);
    await store.appendAudit(Array.from({ length: 40 }, (_, at) => entry({ at: 31 + at })));
    await store.prune(80);
    const twice = await store.queryAudit({});
    expect(twice).toHaveLength(10);
    // The first anchor went with those that it spoke of; the second one speaks of all that went since.
    expect(twice.at(-1)!.body).toMatchObject({ from: 17, through: twice[0]!.seq - 1 });
    expect(verifyChain(twice)).toMatchObject({ valid: true, start: 'anchor', anchor: twice.at(-1)!.seq });
    await store.close();
  });

  it('never takes the head', async () => {
    const store = createMemoryStore({ retention: { auditRecords: 1 } });
    await store.appendAudit([entry({ at: 1 }), entry({ at: 2 }), entry({ at: 3 })]);
    await store.prune(4);
    expect((await store.queryAudit({})).map(({ seq }) => seq)).toEqual([3, 4]);
    await store.close();
  });
});

describe('legal hold', () => {
  it('keeps the audit whatever its age', async () => {
    const store = createMemoryStore({ retention: { legalHold: true, auditRecords: 1 } });
    await store.appendAudit([entry({ at: 0 }), entry({ at: 1000 * DAY })]);
    await store.prune(1000 * DAY);
    expect(await store.queryAudit({})).toHaveLength(2);
    await store.close();
  });
});
