import type { HeldDirective } from '../decide/types.js';
import type { Directive } from './messages.js';

/** A directive as decisions read it, with a lease that runs. */
export function heldDirective(directive: Directive): HeldDirective {
  const { id, guardrail, revision, verdict, scope, action, mode, onStale, reason } = directive;
  return {
    id,
    guardrail,
    revision,
    verdict,
    scope,
    action,
    mode,
    code: reason.code,
    message: reason.message,
    trace: reason.trace,
    onStale,
    stale: false,
  };
}
