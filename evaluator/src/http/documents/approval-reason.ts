import { canonicalJson, SCOPING_KEYS, strictestMode, type Guardrail, type RevisedGuardrail } from '@guardspan/policy';

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
  ...SCOPING_KEYS,
] as const satisfies readonly (keyof Guardrail['spec'])[];

/** Why a change needs an approver who is not its author, as a plain sentence; empty when it needs none. */
export function approvalReason(before: RevisedGuardrail | undefined, next: RevisedGuardrail): string {
  const { action } = next.guardrail.spec;
  const mode = strictestMode(next.guardrail.spec);
  if (mode === 'enforce') {
    if (before === undefined || strictestMode(before.guardrail.spec) !== 'enforce')
      return 'it raises the mode to enforce.';
    const was = before.guardrail.spec;
    const changed = EFFECTIVE.filter(
      (field) => canonicalJson(was[field] ?? null) !== canonicalJson(next.guardrail.spec[field] ?? null),
    );
    if (changed.length > 0) return `it enforces, and changes ${changed.join(', ')}.`;
  }
  if (mode !== 'off' && action.type === 'shutdown') return 'its action is shutdown.';
  if (before !== undefined && baselineOf(before) !== '' && baselineOf(before) !== baselineOf(next))
    return 'it replaces the baseline of its test.';
  return '';
}

/** What was approved as usual, and how far it may move; empty without a baseline. */
function baselineOf({ guardrail }: RevisedGuardrail): string {
  const test = guardrail.spec.over?.evidence?.test;
  if (test === undefined || !('baseline' in test) || test.baseline === null) return '';
  return canonicalJson({ baseline: test.baseline, moving: ('moving' in test && test.moving) || null });
}
