import type { GuardRuntime } from '../guard/types.js';
import { getRuntime } from '../guard/runtime.js';
import { aboutToCall } from './first-call.js';

/** The runtime for a call that is about to be made. Never throws. */
export function activeRuntime(): GuardRuntime {
  aboutToCall();
  return getRuntime();
}
