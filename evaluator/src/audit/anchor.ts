import type { AuditEntry, AuditRecord } from '../store/types.js';

/** What retention took from the beginning of the audit. */
export interface Pruned {
  /** Number of the first record that went. */
  from: number;
  /** Number of the last record that went. */
  through: number;
  /** Hash of that last record: the first one that is left continues it. */
  head: string;
}

/** The record that retention leaves in the chain: kind `system`, change `pruned`. */
export function anchorEntry({ from, through, head }: Pruned, because: 'age' | 'size', at: number): AuditEntry {
  const names = { actor: 'evaluator', guardrail: '', traceId: '', verdictId: '' };
  return { kind: 'system', at, ...names, body: { change: 'pruned', from, through, head, because } };
}

/** What an anchor says; undefined for every other record. */
export function prunedOf({ kind, body }: AuditRecord): Pruned | undefined {
  if (kind !== 'system' || typeof body !== 'object' || body === null) return undefined;
  const { change, from, through, head } = body as Record<string, unknown>;
  if (change !== 'pruned' || typeof from !== 'number' || typeof through !== 'number' || typeof head !== 'string')
    return undefined;
  return { from, through, head };
}
