import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Guardrail } from '@guardspan/policy';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { openSqliteStore } from '../../src/store/open-sqlite-store.js';
import type { AuditEntry, ProposalRow, Store, VerdictRow } from '../../src/store/types.js';

const cleanups: (() => Promise<void> | void)[] = [];
/** Closes the stores that `openedBy` opened, last first; for `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

/** Opens a store that `cleanUp` closes. */
export async function openedBy(open: () => Promise<Store>): Promise<Store> {
  const store = await open();
  cleanups.push(() => store.close());
  return store;
}

/** Each kind of store, and how a new one is opened; what it leaves on disk goes with `cleanUp`. */
export const kinds: [string, () => Promise<Store>][] = [
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

export function entry(over: Partial<AuditEntry> = {}): AuditEntry {
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
export function verdict(over: Partial<VerdictRow> = {}): VerdictRow {
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
export const key = { kind: 'Guardrail', name: 'slow' } as const;
export const version = {
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
export const proposal: ProposalRow = {
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
export const kill = {
  id: 'k1',
  scope: { guardrail: '', model: '', service: '' },
  reason: 'r',
  by: 'ann',
  expiresIn: 0,
  at: 1,
  until: 0,
};
export const judgement = { verdictId: 'v1', judgement: 'right' as const, by: 'ann', reason: 'yes', at: 1 };
