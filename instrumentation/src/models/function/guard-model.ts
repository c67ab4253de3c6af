import { processHost } from '../../sdk/host.js';
import { guardModelOn } from './guard-model-on.js';
import type { GuardModelOptions } from './guard-model-on.js';

/**
 * Guards any function that asks a model. The result takes and returns what `fn` does; a synchronous function stays synchronous. Calls of
 * patched clients inside of `fn` belong to this call and are not guarded a second time.
 *
 * The result throws what `fn` throws, and `GuardrailDeniedError` (or rejects with it, when `fn` returns promises) when a guard-rail ends the call.
 */
export function guardModel<A extends unknown[], R>(
  fn: (...args: A) => R,
  options: GuardModelOptions<A, R>,
): (...args: A) => R {
  return guardModelOn(processHost, fn, options);
}
