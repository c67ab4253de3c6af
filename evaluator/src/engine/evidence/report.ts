import type { EvidenceMode, TestType } from '@guardspan/policy';
import type { CellRows } from '../../count/cells/cell-counts.js';
import type { Security } from './evidence-rule.js';
import type { PathPoint } from './evidence-series.js';
import type { AdvisoryReport } from '../../evidence/advisory.js';
import type { Effect } from '../../evidence/judge.js';
import type { ReferenceReport } from '../../evidence/rate-reference.js';

/** Why a promise does not hold, each with its sentence in docs/evidence.md. */
export const PROMISE_REASONS = [
  'dispersion',
  'burst',
  'late',
  'sampled',
  'missing_facts',
  'other_baseline',
  'baseline_spent',
  'one_value_per_bucket',
] as const;
export type PromiseReason = (typeof PROMISE_REASONS)[number];

/** Whether the condition of the promise holds, as far as the counts tell. */
export interface PromiseStatus {
  status: 'kept' | 'not_guaranteed';
  reasons: PromiseReason[];
}

/** One possible cause of a change, the likeliest first. */
export interface Cause {
  kind: 'group' | 'stratum' | 'feature' | 'bin';
  /** Field, for features; name of the attribute, for groups; fields, for strata; empty for bins. */
  field: string;
  value: string;
  /** Calls since the onset. */
  calls: number;
  /** Rate, mean (0..1 of the range) or share since the onset, and before it (or what is allowed, when there was no time before). */
  after: number;
  before: number;
  /** How much of the change it explains, nats. */
  score: number;
}

/** What a data scientist needs at once to judge a verdict of a test. */
export interface EvidenceReport {
  guardrail: string;
  revision: string;
  /** `groupBy` field to value. */
  series: { [field: string]: string };
  test: TestType;
  mode: EvidenceMode;
  state: string;
  evidence: {
    /** Nats; null before the first closed bucket. */
    value: number;
    highest: number;
    threshold: number;
    /** Start of the bucket (seconds), nats; at most 240 points. */
    path: PathPoint[];
    /** End of the bucket at which it first reached the threshold, seconds; -1 before. */
    crossedAt: number;
    /** Calls counted until then. */
    crossedCalls: number;
    /** In mode `iid` of a share: what must bear the evidence out before the guard-rail acts. */
    robust?: Security;
    restartedAt: number;
    restartReason: string;
  };
  promise: PromiseStatus & { text: string };
  /** Of a baseline with a season or one that moves: what is in force. */
  baseline?: ReferenceReport;
  /** Of a series with one number in each bucket: what a detector without a promise says. */
  advisory?: AdvisoryReport;
  /** Calls that are needed at least until the evidence reaches its threshold, if things go on as since the onset; null while nothing is off, 0 when it is reached. */
  needed: number | null;
  /** Calls and closed buckets since evidence began; late ones, and those that were counted before they ended, ever. */
  counters: { calls: number; buckets: number; late: number; open: number };
  /** In all calls since evidence began, and since the onset. */
  effect: Effect | undefined;
  effectSinceOnset: Effect | undefined;
  /** Start of the first bucket from which on the evidence grew, seconds; -1 when it does not grow. */
  firstOffendingBucket: number;
  /** Rates by group: the whole of it, not only what offends. */
  groups: { stratum: string; group: string; calls: number; rate: number }[];
  causes: Cause[];
  exampleTraceIds: string[];
  /** One sentence for people. */
  summary: string;
  /** Counts since evidence began, before and since the onset, and of the concurrent arm: with the buckets of the store, all that evidence is computed from. */
  recompute: { every: number; before: CellRows; since: CellRows; arm: CellRows };
}
