import type { MakePatternSet, PatternSet } from './set-gate.js';

/** A set as `RE2.Set` of the npm package `re2` makes it. Not every version says that it also reads bytes. */
interface Re2Set {
  test(text: string | Uint8Array): boolean;
}

/** The class of {@link Re2Set}. */
export type Re2SetClass = new (patterns: readonly string[], flags: string) => Re2Set;

/** Bytes of `b`, which read as the list of numbers that they are would not match it. */
const PROBE = new Uint8Array([98]);

function readsBytes(Set: Re2SetClass): boolean {
  try {
    const set = new Set(['b'], 'u');
    return set.test(PROBE) && !set.test(new Uint8Array([97]));
  } catch {
    return false;
  }
}

/** Sets by the native engine of the npm package `re2`. Every expression of ours is in its subset; `u` makes it read texts as Unicode. */
export function re2Sets(Set: Re2SetClass): MakePatternSet {
  // Asked for once, when the first set is made: a third of the time for a text of 4 KB is its way from a string into bytes.
  let bytes: boolean | undefined;
  return (patterns): PatternSet => {
    const set = new Set(patterns, 'u');
    bytes ??= readsBytes(Set);
    const test = (text: string): boolean => set.test(text);
    return bytes ? { test, testAscii: (text) => set.test(text) } : { test };
  };
}
