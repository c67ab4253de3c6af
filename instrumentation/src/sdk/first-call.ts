import { sharedState } from '../guard/shared-state.js';

const shared = sharedState<{ callback: (() => void) | null }>('first-call.v1', () => ({ callback: null }));

/** Asks for one call of `callback`, right before the first model call of this process is made. A later request replaces an earlier one. */
export function beforeFirstModelCall(callback: () => void): void {
  shared.callback = callback;
}

/** A model call is about to be made: runs what {@link beforeFirstModelCall} asked for. */
export function aboutToCall(): void {
  const { callback } = shared;
  if (callback === null) return;
  shared.callback = null;
  callback();
}
