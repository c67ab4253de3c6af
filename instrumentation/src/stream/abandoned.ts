import { Linked, LinkedList } from '../guard/linked-list.js';
import type { GuardedCall } from '../guard/types.js';

/** Milliseconds between looks at young handles: most are read sooner, and a registration costs the garbage collector more than the rest. */
const YOUNG = 1000;

/** A promise or stream that the application may drop. In a list while it is young; the garbage collector is asked about it afterwards. */
export class UnreadHandle extends Linked {
  constructor(
    readonly guarded: GuardedCall,
    /** Null once the garbage collector is asked. */
    public handle: object | null,
  ) {
    super();
  }
}

/** Ends the calls whose promise or stream the application dropped without reading it: nothing else will ever tell. */
const abandoned = new FinalizationRegistry<GuardedCall>((guarded) => {
  guarded.unread = null;
  guarded.end();
});
/** Handles about which the garbage collector is not asked yet: those since the last look, and those that were there then. */
let young = new LinkedList<UnreadHandle>();
let older = new LinkedList<UnreadHandle>();
let timer: ReturnType<typeof setTimeout> | null = null;

/** Ends the call some time after `handle` (which the call must not refer to) became garbage, unless {@link readByApplication} comes first. */
export function endWhenAbandoned(handle: object, guarded: GuardedCall): void {
  readByApplication(guarded);
  young.add((guarded.unread = new UnreadHandle(guarded, handle)));
  timer ??= lookLater();
}

/** The application reads the answer; from now on other things say when the call ends, and its handle may become garbage before. */
export function readByApplication(guarded: GuardedCall): void {
  const { unread } = guarded;
  if (unread === null) return;
  guarded.unread = unread.handle = null;
  if (unread.list === null) abandoned.unregister(unread);
  else unread.list.delete(unread);
}

/** One timer for all calls. It keeps no process alive. */
function lookLater(): ReturnType<typeof setTimeout> {
  const next = setTimeout(() => {
    for (let unread = older.first; unread !== null; unread = older.first) {
      older.delete(unread);
      abandoned.register(unread.handle!, unread.guarded, unread);
      unread.handle = null;
    }
    [older, young] = [young, older];
    timer = older.size === 0 ? null : lookLater();
  }, YOUNG);
  next.unref();
  return next;
}
