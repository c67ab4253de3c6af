import { createHash } from 'node:crypto';
import { canonicalJson } from '@guardspan/policy/runtime';
import type { AuditEntry, AuditRecord } from '../store/types.js';

/** `previous` of the first record. */
export const GENESIS_HASH = '0'.repeat(64);

/** Largest body of an entry, bytes of its canonical JSON. A larger one is replaced by `{truncated: true, bytes}`. */
export const MAX_AUDIT_BODY_BYTES = 65_536;

/**
 * Hash of a record: sha256 over the previous hash (64 hexadecimal digits) followed by the canonical JSON of `{seq, ...entry}`.
 * Only the fields of {@link AuditEntry} enter, so that a record read back with more columns hashes the same.
 */
export function auditHash(previous: string, seq: number, entry: AuditEntry): string {
  const { kind, at, actor, guardrail, traceId, verdictId, body } = entry;
  return createHash('sha256')
    .update(previous)
    .update(canonicalJson({ seq, kind, at, actor, guardrail, traceId, verdictId, body }))
    .digest('hex');
}

/** The entry as it will be read back: its body through JSON (NaN becomes null, undefined goes), bounded. */
export function normalizeEntry(entry: AuditEntry): AuditEntry {
  const text = JSON.stringify(entry.body ?? null);
  const bytes = Buffer.byteLength(text);
  const body: unknown = bytes > MAX_AUDIT_BODY_BYTES ? { truncated: true, bytes } : JSON.parse(text);
  const { kind, at, actor, guardrail, traceId, verdictId } = entry;
  return { kind, at, actor, guardrail, traceId, verdictId, body };
}

/** Puts an entry at its place in the chain. */
export function chainRecord(previous: string, seq: number, entry: AuditEntry): AuditRecord {
  return { seq, ...entry, previous, hash: auditHash(previous, seq, entry) };
}
