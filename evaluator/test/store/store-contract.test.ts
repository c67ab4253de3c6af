import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Guardrail } from '@guardspan/policy';
import { verifyChain } from '../../src/audit/verify-chain.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { openSqliteStore } from '../../src/store/open-sqlite-store.js';
import type { AuditEntry, Judgement, ProposalRow, Store, VerdictRow } from '../../src/store/types.js';
import { blocksOf } from '../count/blocks-of.js';

const DAY = 86_400;
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const kinds: [string, () => Promise<Store>][] = [
  ['memory', async () => createMemoryStore()],
  [
    'sqlite',
    async () => {
      const directory = mkdtempSync(join(tmpdir(), 'guardspan-store-'));
      cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
      return openSqliteStore({ directory });
    },
  ],
];

function entry(over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    kind: 'system',
    at: 1000,
    actor: 'test',
    guardrail: '',
    traceId: '',
    verdictId: '',
    body: { n: 1 },
    ...over,
  };
}
function verdict(over: Partial<VerdictRow> = {}): VerdictRow {
  return {
    id: 'v1',
    guardrail: 'slow',
    revision: 'r1',
    series: { model: 'm' },
    mode: 'enforce',
    action: 'reroute',
    disposition: 'enforced',
    state: 'firing',
    code: 'condition',
    message: 'p95 is 2 s',
    firstAt: 10,
    lastAt: 20,
    releasedAt: 0,
    signals: { p95: { value: 2 } },
    trace: [],
    exampleTraceIds: ['t'],
    auditSeq: 1,
    ...over,
  };
}
const guardrail = { metadata: { name: 'slow' } } as unknown as Guardrail;
const key = { kind: 'Guardrail', name: 'slow' } as const;
const version = {
  ...key,
  revision: 'r1',
  normal: guardrail,
  author: 'ann',
  approver: '',
  at: 1,
  source: 'a: 1',
  deleted: false,
  why: 'slow again',
  breakGlass: { base: 'r0', until: 90 },
};
const proposal: ProposalRow = {
  ...key,
  change: 'put',
  revision: 'r1',
  author: 'ann',
  at: 1,
  source: 's',
  reason: 'enforce',
  why: 'slow again',
  base: '',
  origin: 'ui',
  allowPartial: false,
  breakGlass: 0,
};
const kill = {
  id: 'k1',
  scope: { guardrail: '', model: '', service: '' },
  reason: 'r',
  by: 'ann',
  expiresIn: 0,
  at: 1,
  until: 0,
};
const judgement = { verdictId: 'v1', judgement: 'right' as const, by: 'ann', reason: 'yes', at: 1 };
/** Changes that carry audit entries: how one is made, and whether it is there. */
const changes: {
  name: string;
  make: (store: Store, audit: AuditEntry[]) => Promise<unknown>;
  state: (store: Store) => Promise<boolean>;
}[] = [
  {
    name: 'a document',
    make: (store, audit) => store.putDocument(version, { audit }),
    state: async (store) => (await store.documents()).length > 0,
  },
  {
    name: 'a proposal',
    make: (store, audit) => store.putProposal(proposal, { audit }),
    state: async (store) => (await store.proposals()).length > 0,
  },
  {
    name: 'the end of a proposal',
    make: async (store, audit) => {
      await store.putProposal(proposal);
      return store.deleteProposal(key, { audit });
    },
    state: async (store) => (await store.proposals()).length === 0,
  },
  {
    name: 'feedback',
    make: (store, audit) => store.putFeedback(judgement, { audit }),
    state: async (store) => (await store.feedback('v1')).length > 0,
  },
  {
    name: 'a release',
    make: (store, audit) => store.releaseVerdict('v1', 50, { audit }),
    state: async (store) => (await store.verdicts({ active: true })).length === 0,
  },
  {
    name: 'a kill switch',
    make: (store, audit) => store.putKillSwitches([kill], { audit }),
    state: async (store) => (await store.killSwitches()).length > 0,
  },
];

describe.each(kinds)('%s store', (_kind, open) => {
  const opened = async (): Promise<Store> => {
    const store = await open();
    cleanups.push(() => store.close());
    return store;
  };

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

  it('numbers versions of a document and hides deleted ones', async () => {
    const store = await opened();
    expect((await store.putDocument(version)).generation).toBe(1);
    expect((await store.putDocument({ ...version, revision: 'r2' })).generation).toBe(2);
    expect(await store.documents()).toEqual([{ ...version, revision: 'r2', generation: 2 }]);
    await store.putDocument({ ...version, revision: 'r2', deleted: true });
    expect(await store.documents()).toEqual([]);
    expect((await store.documentHistory(key)).map((v) => [v.generation, v.deleted])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
  });

  it('tells documents of several kinds apart that have one name', async () => {
    const store = await opened();
    const other = { ...version, kind: 'GuardrailException', normal: {} as never } as const;
    await store.putDocument(version);
    expect((await store.putDocument(other)).generation).toBe(1);
    await store.putProposal({ ...proposal, kind: 'GuardrailException' });
    expect((await store.documents()).map(({ kind }) => kind)).toEqual(['Guardrail', 'GuardrailException']);
    expect(await store.documentHistory(other)).toHaveLength(1);
    expect(await store.deleteProposal(key)).toBe(false);
    expect(await store.deleteProposal(other)).toBe(true);
  });

  it('keeps one proposal for each name', async () => {
    const store = await opened();
    await store.putProposal(proposal);
    await store.putProposal({ ...proposal, revision: 'r2' });
    expect(await store.proposals()).toEqual([{ ...proposal, revision: 'r2' }]);
    expect(await store.deleteProposal(key)).toBe(true);
    expect(await store.deleteProposal(key)).toBe(false);
  });

  describe.each(changes)('$name', ({ make, state }) => {
    it('is stored with its audit record', async () => {
      const store = await opened();
      await store.putVerdict(verdict());
      await make(store, [entry({ body: 'why' })]);
      expect(await state(store)).toBe(true);
      const records = await store.queryAudit({});
      expect(records.map((r) => r.body)).toEqual(['why']);
      expect(verifyChain(records).valid).toBe(true);
    });

    it('leaves nothing when its audit record cannot be written', async () => {
      const store = await opened();
      await store.putVerdict(verdict());
      await store.appendAudit([entry({ body: 'before' })]);
      const bad = [entry({ body: 'first' }), entry({ body: 1n })];
      // Beside it in the same batch: one that can be written.
      const [failed] = await Promise.allSettled([make(store, bad), store.appendAudit([entry({ body: 'after' })])]);
      expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'GUARDSPAN_STORE_INPUT' } });
      expect(await state(store)).toBe(false);
      const records = await store.queryAudit({});
      expect(records.map((r) => r.body)).toEqual(['before', 'after']);
      expect(verifyChain(records).valid).toBe(true);
    });
  });

  it('ends a proposal with the document that it becomes, and records no end of one that is not there', async () => {
    const store = await opened();
    await store.putProposal(proposal);
    await store.putDocument(version, { endsProposal: true });
    expect(await store.proposals()).toEqual([]);
    expect(await store.deleteProposal(key, { audit: [entry()] })).toBe(false);
    expect(await store.queryAudit({})).toEqual([]);
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

  it('refuses work after it is closed', async () => {
    const store = await open();
    await store.close();
    await expect(store.nextEpoch()).rejects.toMatchObject({ code: 'GUARDSPAN_STORE_CLOSED' });
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
