import type { EntityDetector } from './types.js';

/** Expressions of the linear-time subset as one automaton: says of a text whether any of them matches in it. `RE2.Set` of the npm package `re2` is one. */
export interface PatternSet {
  /** Throws when the engine cannot tell, e.g. for want of memory. */
  test(text: string): boolean;
  /** The same of a text that is ASCII, by its bytes; absent where the engine reads none. */
  testAscii?(bytes: Uint8Array): boolean;
}

/** Makes a set of expressions; throws when the engine cannot read one. */
export type MakePatternSet = (patterns: readonly string[]) => PatternSet;

/** With fewer detectors than this the pass over the text is as fast as any set of expressions. */
const LEAST_DETECTORS = 12;
/** After so many texts in a row that were not clean the set is asked for nothing, for the texts that follow. */
const PATIENCE = 8;
const REST = 64;

/**
 * Asks a set of all patterns before the detectors look: what none of them matches needs no look. Findings are the same with and without it, because every finding
 * lies within a match of its detector's pattern; only the time differs. Where most texts hold something it costs more than it saves, so it rests then.
 */
export class SetGate {
  #hits = 0;
  #rest = 0;

  private constructor(private readonly set: PatternSet) {}

  /** Null when there is no engine, when it refuses a pattern, or when the set would save nothing. */
  static of(make: MakePatternSet | null, detectors: readonly EntityDetector[]): SetGate | null {
    if (make === null || detectors.length < LEAST_DETECTORS) return null;
    try {
      return new SetGate(make(detectors.map(({ pattern, necessary }) => necessary ?? pattern)));
    } catch {
      return null;
    }
  }

  /** True when no detector can find anything in a text of plain characters. @param ascii The bytes of a text that is ASCII, else null. */
  isClean(text: string, ascii: Uint8Array | null): boolean {
    if (this.#rest > 0) {
      this.#rest--;
      return false;
    }
    let hit = true;
    try {
      hit = ascii !== null && this.set.testAscii !== undefined ? this.set.testAscii(ascii) : this.set.test(text);
    } catch {
      // An engine that cannot tell says nothing about the text; it is not asked for a while.
      this.#hits = PATIENCE;
    }
    if (!hit) {
      this.#hits = 0;
      return true;
    }
    if (++this.#hits >= PATIENCE) {
      // One text after the rest decides whether it goes on.
      this.#hits = PATIENCE - 1;
      this.#rest = REST;
    }
    return false;
  }
}
