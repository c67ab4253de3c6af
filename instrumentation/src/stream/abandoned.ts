import type { GuardedCall } from '../guard/types.js';

/** Milliseconds for which a call waits before its handle is watched: most are read sooner, and a registration costs the garbage collector more than the rest. */
const YOUNG = 1000;

/** Ends the calls whose promise or stream the application dropped without reading it: nothing else will ever tell. */
const abandoned = new FinalizationRegistry<GuardedCall>((guarded) => guarded.end());
/** Calls whose handles are not watched yet, oldest first. */
const young = new Map<GuardedCall, { handle: object; since: number }>();
let timer: ReturnType<typeof setTimeout> | null = null;

/** Ends the call some time after `handle` (which the call must not refer to) became garbage, unless {@link readByApplication} comes first. */
export function endWhenAbandoned(handle: object, guarded: GuardedCall): void {
  readByApplication(guarded);
  young.set(guarded, { handle, since: performance.now() });
  timer ??= watchLater();
}

/** The application reads the answer; from now on other things say when the call ends, and its handle may become garbage before. */
export function readByApplication(guarded: GuardedCall): void {
  if (!young.delete(guarded)) abandoned.unregister(guarded);
}

/** One timer for all calls. It keeps no process alive. */
function watchLater(): ReturnType<typeof setTimeout> {
  const next = setTimeout(() => {
    const now = performance.now();
    for (const [guarded, { handle, since }] of young) {
      if (now - since < YOUNG) break;
      young.delete(guarded);
      abandoned.register(handle, guarded, guarded);
    }
    timer = young.size === 0 ? null : watchLater();
  }, YOUNG);
  next.unref();
  return next;
}
