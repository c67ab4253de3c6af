import type { CallIdentity, RecordedCall, RevisedGuardrail, TraceStep } from '@guardspan/policy';
import type { BucketBlock } from '../count/block-writer.js';
import type { ReferenceReport } from '../evidence/rate-reference.js';
import type { EvidenceReport, PromiseStatus } from './evidence/report.js';

/** Where decoded calls go. Implemented by the engine, called by every receiver. */
export interface CallSink {
  /** Counts calls in memory. Never throws. `receivedAt` is the evaluator's wall clock in seconds. */
  accept(calls: readonly RecordedCall[], receivedAt: number): void;
  /** Resolves when everything accepted so far is durable; rejects with a StoreError when the store cannot take it (the receiver then answers 503). With `ack: memory` resolves at once. */
  durable(): Promise<void>;
}

/** States of a series (docs/guardrails.md). */
export const SERIES_STATES = ['ok', 'pending', 'firing', 'probing'] as const;
/** One of {@link SERIES_STATES}. */
export type SeriesState = (typeof SERIES_STATES)[number];

/** What the state machine is fed on each evaluation of a series. */
export interface SeriesInput {
  breach: boolean;
  recovered: boolean;
  noData: boolean;
}

/** Values of the signals at an evaluation, with what an honest reader wants beside them. */
export interface SignalReading {
  /** NaN when there is no data. */
  value: number;
  /** Calls in the denominator. */
  samples: number;
  /** Wilson interval for ratios, NaN otherwise. */
  lower: number;
  upper: number;
}

/** A change of state of one series of one guard-rail: the source of every windowed verdict. */
export interface Transition {
  /** Id of the verdict: on a change into `firing` new, and kept until the series is `ok` again. */
  verdictId: string;
  /** Seconds from epoch. */
  at: number;
  guardrail: string;
  revision: string;
  /** `groupBy` field to value. */
  series: { [field: string]: string };
  from: SeriesState;
  to: SeriesState;
  /** `condition`, `no_data`, `recovered`, `probe_breach`, `operator`, `document_changed`, `expired`. */
  code: string;
  message: string;
  trace: TraceStep[];
  signals: { [name: string]: SignalReading };
  /** At most 5, newest last. */
  exampleTraceIds: string[];
  /** Of guard-rails with a test: all that explains it. */
  evidence?: EvidenceReport;
}

/** A truth or a group label that arrives after its call. */
export interface LateFact extends CallIdentity {
  kind: 'truth' | 'group';
  name: string;
  value: string;
}

/** What the API shows of a series. */
export interface SeriesView {
  guardrail: string;
  revision: string;
  series: { [field: string]: string };
  state: SeriesState;
  /** Seconds from epoch. */
  since: number;
  verdictId: string;
  signals: { [name: string]: SignalReading };
  /** Share of late calls in the window above 1 %. */
  degraded: boolean;
  /** Of guard-rails with a test. Evidence in nats; `warned` by e-d-BH over the series of the guard-rail; `baseline` when it has a season or moves. */
  evidence?: {
    value: number;
    threshold: number;
    warned: boolean;
    promise: PromiseStatus;
    baseline?: ReferenceReport;
  };
}

/** Closed-form totals of one bucket of one series, as they are stored: absolute, so that writing twice changes nothing. */
export interface BucketTotals {
  revision: string;
  /** Canonical JSON of the series' values in `groupBy` order. */
  series: string;
  /** Start, seconds from epoch. */
  bucket: number;
  /** `model` for ordinary calls, `probe` for calls let through a directive. */
  arm: 'model' | 'probe';
  /** Opaque to the store; integers in a documented binary form. */
  totals: Uint8Array;
}

/** State of one series, as it is stored. */
export interface SeriesCheckpoint {
  revision: string;
  series: string;
  /** JSON. */
  state: string;
}

/** Everything that one group commit must make durable together. */
export interface Checkpoint {
  /** Rows of {@link BucketTotals}, packed. */
  buckets: BucketBlock[];
  series: SeriesCheckpoint[];
  /** Ids of calls counted since the last checkpoint, 24 bytes each (trace id, span id), by de-duplication slice (start, seconds). */
  seen: { slice: number; ids: Uint8Array }[];
  /** Everything that starts before this is closed: rows of `seen` older than it may go. */
  closedBefore: number;
}

/** The counting and judging heart: windows, signals, thresholds, state machine. Single-threaded, no I/O, virtual time. */
export interface Engine extends CallSink {
  /** Replaces the guard-rails that are evaluated; state of unchanged revisions is kept, that of others is dropped with a transition (`document_changed`, or `expired` for one whose time is over) if it was firing. */
  load(guardrails: readonly RevisedGuardrail[], now: number): void;
  /** Closes buckets, re-evaluates what time alone changes. Call it each 100 ms or so. */
  tick(now: number): void;
  /** Subscribes to changes of state; returns the unsubscriber. */
  onTransition(listener: (transition: Transition) => void): () => void;
  /** A moment's view: of guard-rails with a test, intervals are computed when they are first read, so read it before the engine is told anything else. */
  series(guardrail?: string): SeriesView[];
  /** The same series one by one, for work in slices; undefined is a step that gave none. What becomes of a series between two steps is seen or not. */
  seriesSteps(): Iterable<SeriesView | undefined>;
  /** Puts a series back to `ok` by hand. */
  release(guardrail: string, series: { [field: string]: string }, now: number, by: string): boolean;
  /** Takes late facts; returns for each whether its call is known: counted into an open bucket, or waiting for it. */
  facts(facts: readonly LateFact[], now: number): boolean[];
  /** What explains a verdict of a guard-rail with a test; undefined when no series holds it any more. */
  explain(verdictId: string): EvidenceReport | undefined;
  /** What explains each series of a guard-rail with a test; of all of them the first `limit`, because a report costs much more than a view. */
  reports(guardrail?: string, limit?: number): EvidenceReport[];
  /** True when this call was counted into a bucket that is still open; false for ids that are absent or malformed. */
  has(traceId: string, spanId: string): boolean;
  /** Takes what changed since the last call, at once. */
  takeCheckpoint(): Checkpoint;
  /** The same in slices of the engine's pace. It holds everything that was done until `onCut` is called, and nothing that is done later. */
  checkpoint(onCut?: () => void): Promise<Checkpoint>;
  /** Loads what the store held; call before the first `accept`. */
  restore(
    buckets: Iterable<BucketTotals>,
    series: Iterable<SeriesCheckpoint>,
    seen: Iterable<{ slice: number; ids: Uint8Array }>,
  ): void;
  stats(): EngineStats;
}

export interface EngineStats {
  accepted: number;
  duplicates: number;
  late: number;
  clockCorrected: number;
  series: number;
  /** Times that a call found no room for its series. */
  seriesDropped: number;
  /** Values left out of a sum because it would no longer be exact. */
  valuesRefused: number;
  /** Ids forgotten before their buckets closed. */
  seenEvicted: number;
}
