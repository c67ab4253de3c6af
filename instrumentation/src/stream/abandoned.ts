import type { GuardedCall } from '../guard/types.js';

/**
 * Ends the calls whose promise or stream the application dropped without reading it: nothing else will ever tell.
 * A registry, because a timer for each call costs more than the call.
 */
const abandoned = new FinalizationRegistry<GuardedCall>((guarded) => guarded.end());

/** Ends the call at the latest when `handle` (which the call must not refer to) is garbage, unless {@link readByApplication} comes first. */
export function endWhenAbandoned(handle: object, guarded: GuardedCall): void {
  abandoned.register(handle, guarded, guarded);
}

/** The application reads the answer; from now on other things say when the call ends, and its handle may become garbage before. */
export function readByApplication(guarded: GuardedCall): void {
  abandoned.unregister(guarded);
}
