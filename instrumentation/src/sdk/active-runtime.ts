import type { GuardRuntime } from '../guard/types.js';
import { getRuntime } from '../guard/runtime.js';

const KEY = Symbol.for('guardspan.first-call.v1');

type Holder = { [KEY]?: (() => void) | undefined };

/** Asks for one call of `callback`, right before the first model call of this process is made. A later request replaces an earlier one. */
export function beforeFirstModelCall(callback: () => void): void {
  (globalThis as Holder)[KEY] = callback;
}

/** The runtime for a call that is about to be made; runs what {@link beforeFirstModelCall} asked for. Never throws. */
export function activeRuntime(): GuardRuntime {
  const holder = globalThis as Holder;
  const callback = holder[KEY];
  if (callback !== undefined) {
    holder[KEY] = undefined;
    callback();
  }
  return getRuntime();
}
