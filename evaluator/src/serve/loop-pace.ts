import type { Pace } from '../engine/slices.js';

/** Longest that a slice may hold the event loop, milliseconds: calls and directives wait for it. */
const SLICE_MS = 3;

/** A pace that gives way to the event loop. */
export function loopPace(): Pace {
  return {
    slice() {
      const until = performance.now() + SLICE_MS;
      return () => performance.now() >= until;
    },
    later: (resume) => void setImmediate(resume),
  };
}
