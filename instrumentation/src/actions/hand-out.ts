import type { Decision } from '@guardspan/policy/runtime';
import type { CallAnswer, GuardedCall } from '../guard/types.js';
import { refusalOf } from './route.js';

/**
 * Hands out an answer that can be refused and not rewritten, for adapters of models without streams: at once, or as a promise when checks that were asked beside
 * the call or after it have to be awaited. `answer` is read when nothing has refused the call yet.
 * @throws GuardrailDeniedError (or rejects with it) when a guard-rail ends the call; it is recorded by then
 */
export function handOut<T>(guarded: GuardedCall, value: T, answer: () => CallAnswer): T | Promise<T> {
  if (!guarded.beside) return judged(guarded, value, answer);
  return guarded.beside.then((decision) => {
    refuse(guarded, decision);
    return judged(guarded, value, answer);
  });
}

function judged<T>(guarded: GuardedCall, value: T, answer: () => CallAnswer): T | Promise<T> {
  const decision = guarded.answered(answer());
  if (guarded.after) return guarded.after.then((last) => out(guarded, value, last));
  return out(guarded, value, decision);
}

function out<T>(guarded: GuardedCall, value: T, decision: Decision): T {
  refuse(guarded, decision);
  guarded.end();
  return value;
}

function refuse(guarded: GuardedCall, decision: Decision): void {
  const refusal = refusalOf(guarded, decision);
  if (refusal !== null) throw refusal;
}
