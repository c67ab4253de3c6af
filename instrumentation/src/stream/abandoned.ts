import type { GuardedCall } from '../guard/types.js';

/** Milliseconds between looks at young handles: most are read sooner, and a registration costs the garbage collector more than the rest. */
const YOUNG = 1000;

/** Ends the calls whose promise or stream the application dropped without reading it: nothing else will ever tell. */
const abandoned = new FinalizationRegistry<GuardedCall>((guarded) => {
  registered -= 1;
  guarded.end();
});
/** Handles that are registered. */
let registered = 0;
/** Calls by whose handles nothing was registered yet: those since the last look, and those that were there then. */
let young = new Map<GuardedCall, object>();
let older = new Map<GuardedCall, object>();
let timer: ReturnType<typeof setTimeout> | null = null;

/** Ends the call some time after `handle` (which the call must not refer to) became garbage, unless {@link readByApplication} comes first. */
export function endWhenAbandoned(handle: object, guarded: GuardedCall): void {
  if (older.size > 0 || registered > 0) readByApplication(guarded);
  young.set(guarded, handle);
  timer ??= lookLater();
}

/** The application reads the answer; from now on other things say when the call ends, and its handle may become garbage before. */
export function readByApplication(guarded: GuardedCall): void {
  if (young.delete(guarded) || older.delete(guarded)) return;
  if (registered > 0 && abandoned.unregister(guarded)) registered -= 1;
}

/** One timer for all calls. It keeps no process alive. */
function lookLater(): ReturnType<typeof setTimeout> {
  const next = setTimeout(() => {
    for (const [guarded, handle] of older) abandoned.register(handle, guarded, guarded);
    registered += older.size;
    older = young;
    young = new Map();
    timer = older.size === 0 ? null : lookLater();
  }, YOUNG);
  next.unref();
  return next;
}
