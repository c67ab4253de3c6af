import type { Match, Mode } from './types.js';

/** A constant of a document, visible to its conditions as `params.<name>`. */
export type ParamValue = string | number | boolean | string[] | number[];

/** A keyed counter of this process. In a document: `{count: "<bool>", per, window}` or `{sum: "<number>", per, window}`. */
export interface Counter {
  fn: 'count' | 'sum';
  /** CEL: bool for count, number for sum. NaN and negative numbers are left out. */
  of: string;
  /** Names of request-time fields, `features.<name>`, `attrs.<name>`, or `toolCalls`; one total for each combination of their values. */
  per: string[];
  /** Seconds. */
  window: number;
}

/** Which calls a guard-rail acts on, beyond `match`. Keys that a document does not write are absent, so that they change no revision. */
export interface Scoping {
  /** Same shape as `match`; what it matches is left out. */
  exclude?: Match;
  /** CEL bool on fields of the request; calls for which it is false are left out: neither judged, counted nor acted on. */
  where?: string;
  /** Read by conditions, and of windows by signals and by the expressions of a test. */
  params?: { [name: string]: ParamValue };
  /** Totals that conditions read by name. Inline only. */
  counters?: { [name: string]: Counter };
  /** The first whose `environments` match the call decides the mode. */
  overrides?: { environments: string[]; mode: Mode }[];
  /** Acts for this share of the values of `by` only; every other call is judged in `dryrun`. A window counts all calls. */
  rollout?: {
    /** 0..100. */
    percent: number;
    /** A request-time field. */
    by: string;
    seed: string;
  };
  /** Seconds from epoch; calls that start later are not evaluated, and it is said so; a window ends then, and what it holds is released. */
  expires?: number;
}

/** The keys of {@link Scoping}. */
export const SCOPING_KEYS = ['exclude', 'where', 'params', 'counters', 'overrides', 'rollout', 'expires'] as const;
