/** Milliseconds for which the body of a request is held back that does not come to its end: whoever waits for an answer before the end would wait for ever. */
const MAX_WAIT = 5_000;

/** Requests whose body has begun and not ended, oldest first, with what lets each go. */
const held = new Map<object, { letGo: () => void; since: number }>();
let timer: ReturnType<typeof setTimeout> | null = null;

/** Lets a request go that is still held back after five seconds, unless {@link noLongerHeld} comes first. */
export function holdFor(request: object, letGo: () => void): void {
  if (held.has(request)) return;
  held.set(request, { letGo, since: performance.now() });
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
    for (const [request, { letGo, since }] of held) {
      if (now - since < MAX_WAIT) break;
      held.delete(request);
      letGo();
    }
    timer = held.size === 0 ? null : lookLater();
  }, MAX_WAIT / 5);
  next.unref();
  return next;
}
