import type { Decision } from '@guardspan/policy/runtime';
import { deniedError } from './errors.js';
import type { GuardrailDeniedError } from './errors.js';
import type { GuardedCall, GuardRuntime, TargetDefinition } from '../guard/types.js';

/** What to do with the request of a call: refuse it, or send it on, perhaps to a target. */
export type Route =
  { kind: 'refuse'; error: GuardrailDeniedError } | { kind: 'original' } | { kind: 'target'; target: TargetDefinition };

const ORIGINAL: Route = { kind: 'original' };

/**
 * The route that a request-time decision asks for. `usable` says whether this adapter can call a target; `own` looks a name up among the
 * targets of this call site before the process's. A shutdown whose fallback cannot be called is refused; a reroute whose target cannot be called goes to
 * the original (the runtime has already refused such a reroute as unsupported where it could know).
 */
export function routeOf(
  decision: Decision,
  runtime: GuardRuntime,
  usable: (target: TargetDefinition) => boolean,
  own?: (name: string) => TargetDefinition | undefined,
): Route {
  const { end, reroute } = decision;
  if (end === null && reroute === null) return ORIGINAL;
  const name = end === null ? reroute!.to : end.kind === 'shutdown' ? end.fallback : '';
  const target = name === '' ? undefined : (own?.(name) ?? runtime.target(name));
  if (target !== undefined && usable(target)) return { kind: 'target', target };
  return end === null ? ORIGINAL : { kind: 'refuse', error: deniedError(end) };
}

/** True when a decision, whatever it reports, leaves the call as it is: nothing to end, to send elsewhere, to redact or to rewrite. The commonest by far. */
export function leavesAsIs({ end, reroute, redactions, rewrites }: Decision): boolean {
  return end === null && reroute === null && redactions.length === 0 && rewrites === undefined;
}

/** The error with which a decision at the response ends the call, already recorded on it; null when the answer may go out. */
export function refusalOf(guarded: GuardedCall, decision: Decision): GuardrailDeniedError | null {
  if (decision.end === null) return null;
  const error = deniedError(decision.end);
  guarded.failed(error);
  return error;
}

/**
 * A redaction or a rewrite that a decision asked for could not be carried out: the call is recorded and refused as denied by the guard-rail, because text that
 * should have been changed must not go on.
 */
export function changeFailed(guarded: GuardedCall, decision: Decision = guarded.decision): GuardrailDeniedError {
  const guardrail = (decision.redactions[0] ?? decision.rewrites?.[0])?.guardrail ?? '';
  const error = deniedError({
    kind: 'deny',
    guardrail,
    verdict: decision.verdicts.find((verdict) => verdict.guardrail === guardrail)?.id ?? '',
    status: 403,
    retryAfter: 0,
    guidance: '',
    message: `A text that had to be ${decision.redactions.length > 0 ? 'redacted' : 'rewritten'} could not be changed`,
    fallback: '',
  });
  guarded.failed(error);
  return error;
}
