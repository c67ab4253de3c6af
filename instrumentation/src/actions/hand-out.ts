import type { Decision } from '@guardspan/policy/runtime';
import type { CallAnswer, GuardedCall } from '../guard/types.js';
import { refusalOf } from './route.js';

/**
 * Hands out an answer that can be refused and not rewritten, for adapters of models without streams: at once, or as a promise when checks that were asked beside
 * the call or after it have to be awaited. `answer` is read when nothing has refused the call yet.
 * @throws GuardrailDeniedError (or rejects with it) when a guard-rail ends the call; it is recorded by then
 */
export function handOut<T>(guarded: GuardedCall, value: T, answer: () => CallAnswer): T | Promise<T> {
  const out = (decision: Decision): T => {
    const refusal = refusalOf(guarded, decision);
    if (refusal) throw refusal;
    guarded.end();
    return value;
  };
  const answered = (): T | Promise<T> => {
    const decision = guarded.answered(answer());
    return guarded.after ? guarded.after.then(out) : out(decision);
  };
  if (!guarded.beside) return answered();
  return guarded.beside.then((decision) => {
    const refusal = refusalOf(guarded, decision);
    if (refusal) throw refusal;
    return answered();
  });
}
