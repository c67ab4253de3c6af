import type { Subject } from './subject.js';

/** A stretch of text that a detector found. Offsets are UTF-16 code units, `end` exclusive. */
export interface Finding {
  entity: string;
  start: number;
  end: number;
  /** 0..1 */
  score: number;
}

/** Takes what a detector finds. */
export type Emit = (start: number, end: number, score: number) => void;

/** What must occur in a text for a detector to be asked at all; found for all detectors together in one pass ({@link Subject}). */
export type Trigger =
  /** Digits in groups, 7 or more with the separators that numbers are written with. */
  | 'number'
  /** A word of letters and digits, of 8 characters or more. */
  | 'token'
  /** An `@`. */
  | 'at'
  /** A `:`. */
  | 'colon'
  /** One of the detector's own `literals`. */
  | 'literal';

/** One detector of one kind of entity. */
export interface EntityDetector {
  /** Lower case with underscores, e.g. `credit_card`. */
  entity: string;
  /** What it is, in a few words, with the standard where there is one. */
  about: string;
  /** In the linear-time RE2 subset: no look-around, no back-references. Every finding lies within a match of it. */
  pattern: string;
  /** A shorter pattern that every match of `pattern` holds a match of, where that one is long: for engines that keep all patterns in one automaton. */
  necessary?: string;
  /** Score of a match that nothing confirms. */
  score: number;
  /** Longest match in characters. */
  maxLength: number;
  trigger: Trigger;
  /** For the trigger `literal`: case matters. */
  literals?: readonly string[];
  /** Words before a finding (at most 64 characters) that speak for it; lower case. */
  context?: readonly string[];
  /** How the number is written: lengths of its groups of digits. For the trigger `number`; every layout is tried where a group begins. */
  layouts?: readonly (readonly number[])[];
  /** The first two digits that a number in a layout may have; default any. */
  begins?: ReadonlySet<string>;
  /** Characters that may stand between groups; default space, no-break space, dash. */
  separators?: string;
  /** Two spaces, and a dash with a space on both sides, may stand between all groups too. */
  wide?: true;
  /** The check on a match. `true`: confirmed, score 1. `false`: refuted. `undefined`: the base score. A number: that score. */
  validate?: (match: Match) => boolean | number | undefined;
  /** Finds by hand what is too frequent or too varied for a pattern, beside what layouts and literals find; must be linear in the length of the text. */
  locate?: (subject: Subject, emit: Emit) => void;
  /** Texts in which the entity is found once, and texts in which it is not. */
  positives: readonly string[];
  negatives: readonly string[];
}

/** A match of a pattern or a layout. */
export interface Match {
  /** As it stands in the text. */
  readonly text: string;
  /** Its digits and letters without separators. */
  readonly compact: string;
  /** The number that its digits make, exact up to fifteen of them; for matches of layouts. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly subject: Subject;
  /** True when a word of the detector's `context` stands before it. */
  readonly inContext: boolean;
}
