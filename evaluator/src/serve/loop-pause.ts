import { setImmediate } from 'node:timers/promises';

/** Longest that work on many documents may hold the event loop, milliseconds: calls and directives wait for it. */
const SLICE_MS = 10;

/** What work in steps asks between two of them: undefined to go on, else a promise that gives way to the event loop. */
export function loopPause(): () => Promise<void> | undefined {
  let until = performance.now() + SLICE_MS;
  return () => {
    if (performance.now() < until) return undefined;
    return setImmediate(undefined).then(() => {
      until = performance.now() + SLICE_MS;
    });
  };
}
