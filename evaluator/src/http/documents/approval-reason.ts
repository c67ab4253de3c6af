import { canonicalJson, PACK_PREFIX, SCOPING_KEYS, strictestMode, type Guardrail } from '@guardspan/policy';
import type { DocumentVersion } from '../../store/types.js';

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
  'ask',
  ...SCOPING_KEYS,
] as const satisfies readonly (keyof Guardrail['spec'])[];

type Change = Pick<DocumentVersion, 'kind' | 'name' | 'normal'>;

/**
 * Why a change needs an approver who is not its author, as a plain sentence; empty when it needs none.
 *
 * @param next Undefined for a removal.
 * @param guardrails Those in force.
 */
export function approvalReason(
  before: Change | undefined,
  next: Change | undefined,
  guardrails: () => readonly Guardrail[],
): string {
  if ([before, next].some((one) => one !== undefined && requires(one))) return 'its document requires an approval.';
  if (next === undefined) return '';
  if (isOf('GuardrailException', next)) {
    const named = new Set(next.normal.spec.guardrails);
    const guarded = guardrails()
      .filter(({ metadata, spec }) => named.has(metadata.name) && spec.approval === 'required')
      .map(({ metadata }) => metadata.name);
    return guarded.length === 0 ? '' : `it exempts from ${guarded.join(', ')}, which requires an approval.`;
  }
  if (isOf('DetectorPack', next)) {
    const detector = `${PACK_PREFIX}${next.name}`;
    const enforcing = guardrails()
      .filter(({ spec }) => strictestMode(spec) === 'enforce')
      .filter(({ spec }) => Object.values(spec.uses).some((use) => use.detector === detector))
      .map(({ metadata }) => metadata.name);
    return enforcing.length === 0 ? '' : `${enforcing.join(', ')} enforces by what it finds.`;
  }
  if (!isOf('Guardrail', next)) return '';
  return guardrailReason(before !== undefined && isOf('Guardrail', before) ? before.normal : undefined, next.normal);
}

function isOf<K extends DocumentVersion['kind']>(
  kind: K,
  change: Change,
): change is Pick<DocumentVersion<K>, 'kind' | 'name' | 'normal'> {
  return change.kind === kind;
}

function requires({ normal }: Change): boolean {
  return 'approval' in normal.spec && normal.spec.approval === 'required';
}

function guardrailReason(before: Guardrail | undefined, next: Guardrail): string {
  const { action } = next.spec;
  const mode = strictestMode(next.spec);
  if (mode === 'enforce') {
    if (before === undefined || strictestMode(before.spec) !== 'enforce') return 'it raises the mode to enforce.';
    const was = before.spec;
    const changed = EFFECTIVE.filter(
      (field) => canonicalJson(was[field] ?? null) !== canonicalJson(next.spec[field] ?? null),
    );
    if (changed.length > 0) return `it enforces, and changes ${changed.join(', ')}.`;
  }
  if (mode !== 'off' && action.type === 'shutdown') return 'its action is shutdown.';
  if (before !== undefined && baselineOf(before) !== '' && baselineOf(before) !== baselineOf(next))
    return 'it replaces the baseline of its test.';
  return '';
}

/** What was approved as usual, and how far it may move; empty without a baseline. */
function baselineOf(guardrail: Guardrail): string {
  const test = guardrail.spec.over?.evidence?.test;
  if (test === undefined || !('baseline' in test) || test.baseline === null) return '';
  return canonicalJson({ baseline: test.baseline, moving: ('moving' in test && test.moving) || null });
}
