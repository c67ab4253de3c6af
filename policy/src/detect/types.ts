/** A stretch of text that a detector found. Offsets are UTF-16 code units, `end` exclusive. */
export interface Finding {
  entity: string;
  start: number;
  end: number;
  /** 0..1 */
  score: number;
}

/** One detector of one kind of entity. The pattern is in the linear-time RE2 subset: no look-around, no back-references. */
export interface EntityDetector {
  /** Lower case with underscores, e.g. `credit_card`. */
  entity: string;
  pattern: string;
  /** Score of a match that the validator neither confirms nor refutes. */
  score: number;
  /** Longest match in characters. */
  maxLength: number;
  /** `true` raises the score to 1, `false` drops the match, `undefined` keeps the base score. `before` and `after` are the neighbouring characters or empty. */
  validate?: (text: string, before: string, after: string) => boolean | undefined;
  /** A cheap necessary condition on the whole text. */
  prefilter?: (text: string) => boolean;
  /** Texts in which the entity is found, and texts in which it is not. */
  positives: readonly string[];
  negatives: readonly string[];
}
