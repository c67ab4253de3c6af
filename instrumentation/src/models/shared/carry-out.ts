import type { Decision } from '@guardspan/policy/runtime';
import { redactionFailed, refusalOf } from '../../actions/route.js';
import { redactInPlace } from '../../actions/text-paths.js';
import type { GuardedCall } from '../../guard/types.js';

/**
 * Carries the decision at the response out on an answer that was read for this call alone, and ends the call. Text paths lead into `data`; `afterRedaction` brings
 * up to date what was made of its texts. Throws the error with which the call has to end.
 */
export function carryOut(
  guarded: GuardedCall,
  decision: Decision,
  data: object,
  afterRedaction?: (redactions: Decision['redactions']) => void,
): void {
  const refusal = refusalOf(guarded, decision);
  if (refusal) throw refusal;
  if (decision.redactions.length > 0) {
    try {
      redactInPlace(data, decision.redactions);
      afterRedaction?.(decision.redactions);
    } catch {
      throw redactionFailed(guarded, decision);
    }
  }
  guarded.end();
}
