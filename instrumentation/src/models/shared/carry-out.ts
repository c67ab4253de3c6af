import type { Decision } from '@guardspan/policy/runtime';
import { editsOf } from '../../actions/text-edits.js';
import type { TextEdit } from '../../actions/text-edits.js';
import { changeFailed, refusalOf } from '../../actions/route.js';
import { editInPlace } from '../../actions/text-paths.js';
import type { GuardedCall } from '../../guard/types.js';

/**
 * Carries the decision at the response out on an answer that was read for this call alone, and ends the call. Text paths lead into `data`; `afterRedaction` brings
 * up to date what was made of its texts. Throws the error with which the call has to end.
 */
export function carryOut(
  guarded: GuardedCall,
  decision: Decision,
  data: object,
  afterRedaction?: (edits: readonly TextEdit[]) => void,
): void {
  const refusal = refusalOf(guarded, decision);
  if (refusal) throw refusal;
  const edits = editsOf(decision);
  if (edits.length > 0) {
    try {
      editInPlace(data, edits);
      afterRedaction?.(edits);
    } catch {
      throw changeFailed(guarded, decision);
    }
  }
  guarded.end();
}
