import type { CompiledEvidence, CompiledWindowed, ModelCall, RecordedCall } from '@guardspan/policy';
import type { CallGroup } from '../count/call-group.js';
import type { CallReader, CallReaders } from '../count/call-reader.js';
import type { BucketTotals, Checkpoint, SeriesCheckpoint, SeriesView, Transition } from './types.js';

/** What the engine needs of a guard-rail, whether it judges by a threshold or by evidence. `S` is its own kind of series. */
export interface JudgedGuardrail<S = unknown> {
  readonly compiled: CompiledWindowed | CompiledEvidence;
  /** True when all calls of a plan belong to one series. */
  readonly fixed: boolean;
  readonly size: number;
  readonly readers: CallReader[];
  closedBefore(now: number): number;
  /** The series of a call, made if there is room; undefined (and counted) when there is none. */
  seriesOf(call: ModelCall, now: number): S | undefined;
  /** Counts the calls of a group from index `from` up to `to` (excluded), which belong to one series. */
  count(series: S, group: CallGroup, from: number, to: number, now: number): void;
  /** Takes a call that has not ended, which started at `start`. Absent: such calls say nothing to it. */
  open?(record: RecordedCall, start: number, now: number): void;
  /** Lets time pass: puts down what is due to every series, which {@link work} then does. */
  advance(now: number): void;
  /** Does what is due to one series at once; false when that forgot the series. Call it before anything else is done to a series. */
  catchUp(series: S): boolean;
  /** Goes on with what is due until `spent` says that the time is used up; true when nothing is left. */
  work(spent: () => boolean): boolean;
  judgeTouched(now: number): void;
  rewind(now: number): void;
  release(values: { [field: string]: string }, now: number, by: string): boolean;
  close(now: number, code: 'document_changed' | 'expired'): void;
  /** A view of each series, in steps: undefined for one that gave none. The time is asked for in each step, and what is forgotten between two is left out. */
  views(now: () => number): Generator<SeriesView | undefined>;
  /** Puts down that what changed is to be handed over as it is now; `done` is called when it was. Nothing else may be due. */
  checkpoint(rows: CheckpointRows, done: () => void): void;
  restore(states: readonly SeriesCheckpoint[], buckets: readonly BucketTotals[]): void;
}

/** Where the rows of a checkpoint are collected. */
export type CheckpointRows = Pick<Checkpoint, 'buckets' | 'series'>;

/** What the guard-rails of one engine share. */
export interface SeriesHost {
  readonly maxSeries: number;
  readonly readers: CallReaders;
  /** Counters of what went wrong, for `stats()`. */
  readonly counts: { late: number; dropped: number; refused: number };
  newId(): string;
  /** As `EngineOptions.isHeld`. */
  isHeld(verdictId: string): boolean;
  emit(transition: Transition): void;
  onError(error: unknown): void;
}
