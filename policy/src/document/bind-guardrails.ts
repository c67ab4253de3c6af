import { revisionOf } from '../canonical/revision.js';
import type { BoundException, GuardrailException } from './exception/exception-types.js';
import type { RevisedGuardrail } from './types.js';

/** A document of another kind with its revision. */
export interface Revised<Normal> {
  revision: string;
  normal: Normal;
}

/** What guard-rails are bound with. */
export interface Bindings {
  exceptions: readonly Revised<GuardrailException>[];
}

/**
 * Puts into each guard-rail what other documents say about it, so that it can be decided, sent and stored by itself. Its revision then covers that too;
 * a guard-rail that nothing speaks about stays the same object.
 */
export function bindGuardrails(
  guardrails: readonly RevisedGuardrail[],
  { exceptions }: Bindings,
): readonly RevisedGuardrail[] {
  const byGuardrail = new Map<string, BoundException[]>();
  const ordered = [...exceptions].sort((a, b) => (a.normal.metadata.name < b.normal.metadata.name ? -1 : 1));
  for (const { revision, normal } of ordered) {
    const { match, where, expires } = normal.spec;
    const bound = { name: normal.metadata.name, revision, expires, match, ...(where === undefined ? {} : { where }) };
    for (const name of normal.spec.guardrails) byGuardrail.set(name, [...(byGuardrail.get(name) ?? []), bound]);
  }
  return guardrails.map((revised) => {
    const own = byGuardrail.get(revised.guardrail.metadata.name);
    if (own === undefined) return revised;
    const { guardrail: written } = revised;
    const guardrail = { ...written, spec: { ...written.spec, exceptions: own } };
    return { revision: revisionOf(guardrail), guardrail };
  });
}
