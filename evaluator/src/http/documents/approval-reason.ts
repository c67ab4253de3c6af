import { canonicalJson, type Guardrail, type RevisedGuardrail } from '@guardspan/policy';

/** Fields of `spec` that decide on what a guard-rail acts, and how. */
const EFFECTIVE = [
  'at',
  'match',
  'over',
  'uses',
  'when',
  'until',
  'scope',
  'action',
  'onError',
  'onStale',
  'onNoData',
] as const satisfies readonly (keyof Guardrail['spec'])[];

/** Why a change needs an approver who is not its author, as a plain sentence; empty when it needs none. */
export function approvalReason(before: RevisedGuardrail | undefined, next: RevisedGuardrail): string {
  const { mode, action } = next.guardrail.spec;
  if (mode === 'enforce') {
    if (before?.guardrail.spec.mode !== 'enforce') return 'it raises the mode to enforce.';
    const was = before.guardrail.spec;
    const changed = EFFECTIVE.filter(
      (field) => canonicalJson(was[field]) !== canonicalJson(next.guardrail.spec[field]),
    );
    if (changed.length > 0) return `it enforces, and changes ${changed.join(', ')}.`;
  }
  if (mode !== 'off' && action.type === 'shutdown') return 'its action is shutdown.';
  return '';
}
