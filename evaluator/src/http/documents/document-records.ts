import type { RevisedGuardrail } from '@guardspan/policy';
import type { AuditEntry, DocumentKey, DocumentVersion } from '../../store/types.js';
import type { DocumentBook } from './document-book.js';

/** What the audit keeps of a change of a document. */
export function documentEntry({ kind, name }: DocumentKey, at: number, actor: string, body: object): AuditEntry {
  // Of a guard-rail the entry is found by its name; of other kinds the body names them.
  const guardrail = kind === 'Guardrail' ? name : '';
  const about = kind === 'Guardrail' ? {} : { kind, name };
  return { kind: 'document', at, actor, guardrail, traceId: '', verdictId: '', body: { ...about, ...body } };
}

/**
 * For each guard-rail that a change binds anew: which revision its verdicts name from now on, and what that revision is made of.
 * A guard-rail to which nothing is bound has the revision of its document, which has a record of its own.
 *
 * @param book As it is before the change.
 * @param changes What the change makes of guard-rails, bound.
 * @param next The document that comes into force, or undefined when one leaves.
 */
export function bindingEntries(
  book: DocumentBook,
  changes: readonly RevisedGuardrail[],
  next: DocumentVersion | undefined,
  at: number,
  actor: string,
  approver: string,
): AuditEntry[] {
  return changes.flatMap(({ revision, guardrail }) => {
    const key = { kind: 'Guardrail', name: guardrail.metadata.name } as const;
    const written = next?.kind === key.kind && next.name === key.name ? next : book.get(key);
    const document = written?.revision ?? '';
    if (revision === document) return [];
    const exceptions = (guardrail.spec.exceptions ?? []).map(({ name, revision, expires }) => ({
      ...{ name, revision, expires },
    }));
    const packs = Object.values(guardrail.spec.uses).flatMap(({ detector, pack }) =>
      pack === undefined ? [] : [{ detector, revision: pack.revision }],
    );
    return [documentEntry(key, at, actor, { change: 'bound', revision, document, exceptions, packs, approver })];
  });
}
