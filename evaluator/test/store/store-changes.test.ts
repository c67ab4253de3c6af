import { afterEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/audit/verify-chain.js';
import type { AuditEntry, Store } from '../../src/store/types.js';
import { cleanUp, kinds, openedBy, entry, verdict, key, version, proposal, kill, judgement } from './store-support.js';

afterEach(cleanUp);

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

describe.each(kinds)('documents, and changes with their audit records, in a %s store', (_kind, open) => {
  const opened = (): Promise<Store> => openedBy(open);

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
});
