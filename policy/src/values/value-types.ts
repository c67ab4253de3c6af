import type { CallValue } from '../call/model-call.js';

/** Name under `detector` of a check of values. */
export const VALUES_DETECTOR = 'values';

/** What can be wrong with a value, in the order in which it is looked for; the first that holds is found. */
export const VALUE_ISSUES = ['missing', 'type', 'range', 'vocabulary'] as const;
/** One of {@link VALUE_ISSUES}. */
export type ValueIssue = (typeof VALUE_ISSUES)[number];

/** Types that a value may have. `any` is every one but `null`. */
export const VALUE_TYPES = ['number', 'integer', 'string', 'bool', 'any'] as const;
/** One of {@link VALUE_TYPES}. */
export type ValueType = (typeof VALUE_TYPES)[number];

/** What one named value has to be. */
export interface ValueRule {
  type: ValueType;
  /** Included. */
  min?: number;
  /** Included. */
  max?: number;
  /** The vocabulary. */
  oneOf?: (string | number | boolean)[];
  /** A value that may be absent is not checked then. */
  required: boolean;
}

/** Rules by name of a feature or an output. */
export interface ValueRules {
  [name: string]: ValueRule;
}

/** One value that is not what it has to be: which, and in what way. The value itself is never kept. */
export interface ValueFinding {
  name: string;
  issue: ValueIssue;
}

/** Named values of a call. */
export type Values = Readonly<Record<string, CallValue>>;
