/**
 * Milliseconds after which the head of a request is sent whose body is still held back: on a connection that was used before, a server takes what has not begun for idle, and
 * closes it. Half of the second that Node's agent keeps clear of a server's `Keep-Alive: timeout`, because the timer looks that much later at most.
 */
const HEAD_AFTER = 250;
/** Milliseconds for which the body of a request is held back that does not come to its end: whoever waits for an answer before the end would wait for ever. */
const MAX_WAIT = 5_000;

/** What happens to a request that stays held back. */
export interface HeldRequest {
  /** After a quarter of a second, half of one at most: begins it on the wire without its body. */
  begin: () => void;
  /** After five seconds: sends it as it is. */
  letGo: () => void;
}

interface Waiting extends HeldRequest {
  since: number;
  begun: boolean;
}

/** Requests whose body has begun and not ended, oldest first. */
const held = new Map<object, Waiting>();
let timer: ReturnType<typeof setTimeout> | null = null;

/** Watches over a request that is held back from now on, unless {@link noLongerHeld} comes first. */
export function holdFor(request: object, { begin, letGo }: HeldRequest): void {
  if (held.has(request)) return;
  held.set(request, { begin, letGo, since: performance.now(), begun: false });
  timer ??= lookLater();
}

/** The body of the request is complete, or nobody wants it any more. */
export function noLongerHeld(request: object): void {
  held.delete(request);
}

/** One timer for all requests. It keeps no process alive. */
function lookLater(): ReturnType<typeof setTimeout> {
  const next = setTimeout(() => {
    const now = performance.now();
    for (const [request, one] of held) {
      const waited = now - one.since;
      if (waited < HEAD_AFTER) break;
      if (!one.begun) one.begin();
      one.begun = true;
      if (waited < MAX_WAIT) continue;
      held.delete(request);
      one.letGo();
    }
    timer = held.size === 0 ? null : lookLater();
  }, HEAD_AFTER);
  next.unref();
  return next;
}
