import type { CompiledEvidence, CompiledWindowed, ModelCall } from '@guardspan/policy';
import type { CallGroup } from '../count/call-group.js';
import type { CallReader, CallReaders } from '../count/call-reader.js';
import type { BucketTotals, SeriesCheckpoint, SeriesView, Transition } from './types.js';

/** What the engine needs of a guard-rail, whether it judges by a threshold or by evidence. `S` is its own kind of series. */
export interface JudgedGuardrail<S extends { dead: boolean } = { dead: boolean }> {
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
  advance(now: number): void;
  judgeTouched(now: number): void;
  rewind(now: number): void;
  release(values: { [field: string]: string }, now: number, by: string): boolean;
  close(now: number): void;
  views(now: number): SeriesView[];
  take(buckets: BucketTotals[], states: SeriesCheckpoint[]): void;
  restore(states: readonly SeriesCheckpoint[], buckets: readonly BucketTotals[]): void;
}

/** What the guard-rails of one engine share. */
export interface SeriesHost {
  readonly maxSeries: number;
  readonly readers: CallReaders;
  /** Counters of what went wrong, for `stats()`. */
  readonly counts: { late: number; dropped: number; refused: number };
  newId(): string;
  emit(transition: Transition): void;
  onError(error: unknown): void;
}
