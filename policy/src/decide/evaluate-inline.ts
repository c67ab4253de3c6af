import type { Action } from '../document/types.js';
import { GuardspanError } from '../error.js';
import { askPolicy, policyTrace, reasonsText } from '../rego/ask-policy.js';
import type { RegoOutcome } from '../rego/types.js';
import { ExternalGap } from './compile-inline.js';
import type { CompiledInline, DetectorResults } from './compile-inline.js';
import { failureDisposition } from './failure-table.js';
import type { TotalOf } from './inline-context.js';
import type { RewriteStep } from './rewrite-types.js';
import { rewriteStep } from './rewrite-step.js';
import type { Identity, Say } from './say.js';
import { failureSay, sayOf } from './say.js';
import type { DecideInput, Failure, Redaction } from './types.js';

/** Steps of a verdict's trace. */
const MAX_TRACE = 16;

/** What an inline guard-rail says about a call: null when its condition does not hold, `waits` when it reaches a check outside that nobody has asked yet. Never throws. */
export function evaluateInline(
  guardrail: CompiledInline,
  input: DecideInput,
  results: DetectorResults,
  total: TotalOf,
  mayWait: boolean,
): Say | 'waits' | null {
  // Nearly all conditions of nearly all calls end here, so that nothing else is made before.
  const context = guardrail.bare ? input.call : results.contextBy(guardrail.context, input.call, total);
  try {
    if (!guardrail.condition.evaluate(context)) return null;
  } catch (error) {
    return undecided(guardrail, error, input, mayWait);
  }
  return whenHolds(guardrail, context, input, results, total, mayWait);
}

/** What a guard-rail says of a call for which its condition holds. */
function whenHolds(
  guardrail: CompiledInline,
  context: object,
  input: DecideInput,
  results: DetectorResults,
  total: TotalOf,
  mayWait: boolean,
): Say | 'waits' | null {
  const { spec } = guardrail.guardrail;
  const { scoping } = guardrail;
  let redactions: Redaction[] = [];
  let rewrite: RewriteStep | null = null;
  let policy: RegoOutcome | null;
  try {
    policy = askPolicy(guardrail, input, results);
    if (policy?.says === 'pass') return null;
    if (spec.action.type === 'redact' && policy?.says !== 'warn') {
      redactions = redactionsOf(guardrail, spec.action, results);
    }
    if (spec.action.type === 'rewrite' && policy?.says !== 'warn' && spec.mode === 'enforce')
      rewrite = rewriteStep(guardrail, spec.action, results);
  } catch (error) {
    return undecided(guardrail, error, input, mayWait);
  }
  const identity = inlineIdentity(guardrail, input);
  const stale = input.freshness !== 'live';
  const trace = guardrail.condition.trace(context);
  return sayOf(identity, {
    code: policy === null ? 'condition' : policy.says === 'warn' ? 'rego_warn' : 'rego',
    message: inlineMessage(withTotals(spec.message, scoping, total), guardrail, results, policy),
    trace: policy === null ? trace : [...trace.slice(0, MAX_TRACE - 2), ...policyTrace(guardrail, policy)],
    // What a policy only warns of is recorded, whatever the mode.
    disposition:
      spec.mode !== 'enforce' || policy?.says === 'warn' ? 'would_act' : stale ? 'enforced_stale' : 'enforced',
    redactions,
    rewrite,
    input,
  });
}

/** A guard-rail that something kept from deciding: a check outside that was not asked yet, or a row of the failure table. */
function undecided(guardrail: CompiledInline, error: unknown, input: DecideInput, mayWait: boolean): Say | 'waits' {
  const gap = gapIn(error);
  if (gap !== undefined && gap.outcome === undefined && mayWait) return 'waits';
  return failedInline(guardrail, gap?.outcome?.failure ?? 'detector_error', failureMessage(error, gap), input);
}

/** @throws ExternalGap, or UnplacedFinding when a detector outside found something without saying where */
function redactionsOf(
  { name: guardrail, guardrail: { spec }, limitOf }: CompiledInline,
  action: Extract<Action, { type: 'redact' }>,
  results: DetectorResults,
): Redaction[] {
  return action.detections.flatMap((name) => {
    const use = spec.uses[name]!;
    return results.findings(use, limitOf(name)).flatMap(({ path, start, end, entity, edits }) => {
      if (path === '' && use.external !== undefined) throw new UnplacedFinding();
      const replacement = action.with.replaceAll('{entity}', entity);
      const places = edits?.(replacement) ?? [{ start, end, replacement }];
      return places.map((place) => ({ path, ...place, entity, guardrail }));
    });
  });
}

/** The say of an inline guard-rail that could not decide, from its row of the failure table. */
export function failedInline(guardrail: CompiledInline, failure: Failure, message: string, input: DecideInput): Say {
  const { spec } = guardrail.guardrail;
  const disposition = failureDisposition({ failure, actionClass: guardrail.actionClass, ...spec });
  return failureSay(inlineIdentity(guardrail, input), failure, disposition, message, input);
}

/** Which guard-rail speaks at the point that is judged. */
export function inlineIdentity({ name, revision, guardrail: { spec } }: CompiledInline, input: DecideInput): Identity {
  return { name, revision, mode: spec.mode, action: spec.action, point: input.point };
}

/** Something was found that has to be redacted, and nobody knows where. */
class UnplacedFinding extends Error {}

// The CEL engine may wrap what a variable throws.
function gapIn(error: unknown): ExternalGap | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ExternalGap) return cause;
  return undefined;
}

function failureMessage(error: unknown, gap: ExternalGap | undefined): string {
  if (gap !== undefined) return gap.outcome?.message ?? 'this call cannot wait for a check outside of the process';
  if (error instanceof UnplacedFinding)
    return 'a detector found something and did not say where, so it cannot be redacted';
  // These speak of the shape of the answer, never of its content.
  if (error instanceof GuardspanError && /^GUARDSPAN_REGO/.test(error.code)) return error.message;
  return `the condition could not be evaluated (${(error as { code?: string }).code ?? 'error'})`;
}

function withTotals(template: string, scoping: CompiledInline['scoping'], total: TotalOf): string {
  let text = template;
  for (const counter of scoping?.counters ?? [])
    text = text.replaceAll(`{${counter.name}}`, () => String(total(counter)));
  return text;
}

function inlineMessage(
  template: string,
  { name, guardrail, limitOf }: CompiledInline,
  results: DetectorResults,
  policy: RegoOutcome | null,
): string {
  const { uses } = guardrail.spec;
  const reasons = policy === null ? '' : reasonsText(policy);
  if (template === '') return reasons === '' ? `guard-rail ${name} found a violation` : reasons;
  return template.replace(/\{([A-Za-z_][A-Za-z0-9_]*)(\.fields)?\}/g, (whole, key: string, fields?: string) => {
    if (!Object.hasOwn(uses, key)) return key === 'reasons' && policy !== null ? reasons : whole;
    try {
      const use = uses[key]!;
      const limit = limitOf(key);
      if (fields !== undefined) return results.summary(use, limit).fields?.join(', ') ?? whole;
      return String(results.findings(use, limit).length + (results.before(use, limit)?.count ?? 0));
    } catch {
      // The condition held without this detector, which nobody has asked.
      return '?';
    }
  });
}
