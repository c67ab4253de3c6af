const KEY = Symbol.for('guardspan.first-call.v1');

type Holder = { [KEY]?: (() => void) | undefined };

/** Asks for one call of `callback`, right before the first model call of this process is made. A later request replaces an earlier one. */
export function beforeFirstModelCall(callback: () => void): void {
  (globalThis as Holder)[KEY] = callback;
}

/** A model call is about to be made: runs what {@link beforeFirstModelCall} asked for. */
export function aboutToCall(): void {
  const holder = globalThis as Holder;
  const callback = holder[KEY];
  if (callback === undefined) return;
  holder[KEY] = undefined;
  callback();
}
