import { describe, expect, it } from 'vitest';
import { anchorEntry } from '../../src/audit/anchor.js';
import type { Pruned } from '../../src/audit/anchor.js';
import { chainRecord, GENESIS_HASH } from '../../src/audit/chain.js';
import { auditLine, exportAudit } from '../../src/audit/export-jsonl.js';
import { verifyChain } from '../../src/audit/verify-chain.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import type { AuditEntry, AuditRecord } from '../../src/store/types.js';

function chain(length: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let n = 1; n <= length; n++) {
    const entry: AuditEntry = {
      kind: 'system',
      at: n,
      actor: 'a',
      guardrail: '',
      traceId: '',
      verdictId: '',
      body: { n },
    };
    records.push(chainRecord(records.at(-1)?.hash ?? GENESIS_HASH, n, entry));
  }
  return records;
}
const kindsOf = (records: AuditRecord[], options = {}): string[] =>
  verifyChain(records, options).faults.map((fault) => `${fault.kind} ${fault.seq}`);

describe('verifyChain', () => {
  it('accepts an unbroken chain and an export that starts later', () => {
    expect(verifyChain(chain(5))).toMatchObject({ valid: true, records: 5, first: 1, last: 5 });
    expect(verifyChain(chain(5).slice(2)).valid).toBe(true);
    expect(verifyChain([])).toMatchObject({ valid: true, records: 0 });
  });
  it('says how a chain begins: with record 1, at an anchor, or later without a reason', () => {
    const whole = chain(6);
    const { hash: head } = whole[3]!;
    const anchored = (pruned: Pruned): AuditRecord[] => [
      ...whole.slice(4),
      chainRecord(whole[5]!.hash, 7, anchorEntry(pruned, 'age', 9)),
    ];
    expect(verifyChain(whole)).toMatchObject({ start: 'genesis', anchor: 0 });
    expect(verifyChain([])).toMatchObject({ start: '', anchor: 0 });
    expect(verifyChain(whole.slice(4))).toMatchObject({ valid: true, start: 'unknown', anchor: 0 });
    const right = { from: 1, through: 4, head };
    expect(verifyChain(anchored(right))).toMatchObject({ valid: true, start: 'anchor', anchor: 7 });
    // An anchor that speaks of another cut says nothing about this one.
    expect(verifyChain(anchored({ ...right, through: 3 })).start).toBe('unknown');
    expect(verifyChain(anchored({ ...right, head: GENESIS_HASH })).start).toBe('unknown');
    // Cut again by hand, the anchor speaks of fewer records than are missing.
    expect(verifyChain(anchored(right).slice(1)).start).toBe('unknown');
    const forged = anchored(right).with(2, {
      ...anchored(right)[2]!,
      body: { change: 'pruned', ...right, through: 5 },
    });
    expect(verifyChain(forged)).toMatchObject({ valid: false, faults: [{ kind: 'changed', seq: 7 }] });
  });
  it('names a changed record', () => {
    const records = chain(5);
    records[2] = { ...records[2]!, body: { n: 99 } };
    expect(kindsOf(records)).toEqual(['changed 3']);
  });
  it('names a record that was changed and hashed again', () => {
    const records = chain(5);
    records[2] = chainRecord(records[2]!.previous, 3, { ...records[2]!, body: { n: 99 } });
    expect(kindsOf(records)).toEqual(['broken 4']);
  });
  it('names missing records in the middle, at the start and at the end', () => {
    const records = chain(5);
    expect(kindsOf(records.filter((r) => r.seq !== 3))).toEqual(['missing 3']);
    expect(kindsOf(records.slice(2), { fromGenesis: true })).toEqual(['missing 1']);
    expect(kindsOf(records.slice(0, 4), { head: records[4]!.hash })).toEqual(['missing 4']);
  });
  it('names reordered records', () => {
    const [a, b, c, d] = chain(4) as [AuditRecord, AuditRecord, AuditRecord, AuditRecord];
    expect(kindsOf([a, c, b, d])).toEqual(['reordered 2']);
    expect(kindsOf([a, d, c, b])).toEqual(['reordered 2', 'reordered 3']);
    expect(kindsOf([a, d, b])).toEqual(['reordered 2', 'missing 3']);
  });
  it('names a record that stands twice, and one that was exchanged for another', () => {
    const [a, b, c] = chain(3) as [AuditRecord, AuditRecord, AuditRecord];
    expect(kindsOf([a, b, b, c])).toEqual(['repeated 2']);
    const other = chainRecord(a.hash, 2, { ...b, actor: 'somebody else' });
    expect(kindsOf([a, other, c])).toEqual(['broken 3']);
  });
  it('says in words which records are missing', () => {
    const records = chain(6);
    const { faults } = verifyChain([records[0]!, records[4]!, records[5]!]);
    expect(faults.map(({ message }) => message)).toEqual(['Records 2 to 4 are missing.']);
  });
  it('counts the faults that it does not keep', () => {
    const records = chain(6).map((record) => ({ ...record, actor: 'x' }));
    expect(verifyChain(records, { maxFaults: 2 })).toMatchObject({ valid: false, faultCount: 6 });
    expect(verifyChain(records, { maxFaults: 2 }).faults).toHaveLength(2);
  });
});

describe('exportAudit', () => {
  it('writes every record as one line that verifies after reading back', async () => {
    const store = createMemoryStore();
    const entries = chain(1201).map(({ kind, at, actor, guardrail, traceId, verdictId, body }) => ({
      kind,
      at,
      actor,
      guardrail,
      traceId,
      verdictId,
      body,
    }));
    const made = await store.appendAudit(entries);
    let text = '';
    for await (const part of exportAudit(store)) text += part;
    await store.close();
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(1201);
    expect(`${lines[7]}\n`).toBe(auditLine(made[7]!));
    expect(verifyChain(lines.map((line) => JSON.parse(line) as AuditRecord))).toMatchObject({
      valid: true,
      last: 1201,
    });
  });
});
