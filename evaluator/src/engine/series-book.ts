import { effectiveMode, strictestMode } from '@guardspan/policy';
import type { CompiledEvidence, CompiledWindowed, Mode, ModelCall } from '@guardspan/policy';
import { BlockWriter } from '../count/block-writer.js';
import type { CallGroup } from '../count/call-group.js';
import type { CallReader } from '../count/call-reader.js';
import { release } from '../verdict/series-machine.js';
import type { Machine, MachineParameters, ReleaseCode, TransitionCode } from '../verdict/series-machine.js';
import type { CheckpointRows, JudgedGuardrail, SeriesHost } from './judged-guardrail.js';
import { Passes, type PassedSeries } from './passes.js';
import { PLAN_FIELDS } from './plan-index.js';
import type { BucketTotals, SeriesCheckpoint, SeriesView, Transition } from './types.js';

/** Key of the row that holds the guard-rail's own progress in a checkpoint. */
const PROGRESS = '';

/** What a book needs to know of a series. */
export interface BookedSeries extends PassedSeries {
  readonly values: readonly string[];
  /** Canonical JSON of `values`: the key of its rows in a checkpoint. */
  readonly key: string;
  machine: Machine;
  verdictId: string;
  /** State that the next checkpoint must take. */
  changed: boolean;
  toState(): string;
}

/** All series of one guard-rail: which there are, what a checkpoint holds of them, and what a change of state entails. How they are judged is left to the kinds of guard-rail. */
export abstract class SeriesBook<S extends BookedSeries> implements JudgedGuardrail<S> {
  abstract readonly compiled: CompiledWindowed | CompiledEvidence;
  readonly fixed: boolean;
  protected readonly host: SeriesHost;
  protected readonly all = new Map<string, S>();
  protected readonly passes = new Passes<S>();
  /** The guard-rail's own progress must go into the next checkpoint. */
  protected progressed = false;
  /** The same because of time alone: it need not when there are no series, which is known only when nothing is due to any. */
  protected moved = false;
  readonly #parameters: (mode: Mode) => MachineParameters;
  /** Of series whose environment no override is about, or that have none. */
  readonly #usual: MachineParameters;
  /** By environment, when overrides make them differ; undefined when they do not. */
  readonly #byEnvironment: Map<string, MachineParameters> | undefined;
  readonly #environment: number;
  readonly #forgotten = new Set<string>();
  readonly #maxSeries: number;

  constructor(
    compiled: CompiledWindowed | CompiledEvidence,
    host: SeriesHost,
    rules: { maxSeries: number; parameters: (mode: Mode) => MachineParameters },
  ) {
    // What `where` says is known for each call by itself.
    this.fixed = compiled.admits === null && compiled.over.groupBy.every((field) => PLAN_FIELDS.has(field));
    this.host = host;
    const { spec } = compiled.guardrail;
    this.#parameters = rules.parameters;
    this.#usual = rules.parameters(strictestMode(spec));
    this.#environment = compiled.over.groupBy.indexOf('environment');
    if (spec.overrides !== undefined && this.#environment >= 0) this.#byEnvironment = new Map();
    this.#maxSeries = rules.maxSeries;
  }

  abstract readonly readers: CallReader[];
  abstract closedBefore(now: number): number;
  abstract count(series: S, group: CallGroup, from: number, to: number, now: number): void;
  abstract advance(now: number): void;
  abstract judgeTouched(now: number): void;
  abstract rewind(now: number): void;
  abstract views(now: () => number): Generator<SeriesView | undefined>;

  /** Makes a series that was never seen. */
  protected abstract make(values: readonly string[], now: number): S;
  /** Everything that a transition says beside what all of them say; called before the series begins anew. */
  protected abstract account(series: S): Pick<Transition, 'trace' | 'signals' | 'exampleTraceIds' | 'evidence'>;
  /** The series changes into firing, or from an action to `ok` because of `code`: it begins anew. */
  protected abstract begun(series: S, code: TransitionCode, now: number): void;
  /** Writes the rows of buckets that changed since the last time. */
  protected abstract takeBuckets(series: S, writer: BlockWriter): void;
  /** What a checkpoint holds of the guard-rail itself; JSON. */
  protected abstract progress(): unknown;
  /** Takes what {@link progress} gave. */
  protected abstract resume(progress: unknown): void;
  /** The time that a series from a checkpoint is first seen when its state does not say. */
  protected abstract restoredAt(): number;
  /** Takes the stored state of a series; false when the series was forgotten. */
  protected abstract restoreState(series: S, state: string): boolean;
  protected abstract restoreBucket(row: BucketTotals): void;

  /** Number of series. */
  get size(): number {
    return this.all.size;
  }

  seriesOf(call: ModelCall, now: number): S | undefined {
    const values = this.compiled.seriesValues(call);
    const key = keyOf(values);
    const known = this.all.get(key);
    return known !== undefined && this.passes.catchUp(known) ? known : this.#create(key, values, now);
  }

  catchUp(series: S): boolean {
    return this.passes.catchUp(series);
  }

  work(spent: () => boolean): boolean {
    return this.passes.work(spent);
  }

  /** Puts a series back to `ok` by hand; false when there is no such series or it is `ok`. */
  release(values: { [field: string]: string }, now: number, by: string): boolean {
    const fields = this.compiled.over.groupBy;
    for (const series of this.all.values()) {
      if (series.machine.state === 'ok' || fields.some((field, i) => values[field] !== series.values[i])) continue;
      this.end(series, 'operator', `Released by ${by}.`, now);
      return true;
    }
    return false;
  }

  /** Ends what is firing because the document was changed or removed, or has expired. */
  close(now: number, code: 'document_changed' | 'expired'): void {
    const message = code === 'expired' ? 'The guard-rail has expired.' : 'The guard-rail was changed or removed.';
    for (const series of this.all.values()) {
      if (acts(series)) this.end(series, code, message, now);
      series.dead = true;
    }
  }

  checkpoint({ buckets, series: states }: CheckpointRows, done: () => void): void {
    const { revision } = this.compiled;
    // Before the states: a series that was forgotten may be there again.
    for (const series of this.#forgotten) states.push({ revision, series, state: '{}' });
    this.#forgotten.clear();
    if (this.progressed || (this.moved && this.all.size > 0))
      states.push({ revision, series: PROGRESS, state: JSON.stringify(this.progress()) });
    this.progressed = this.moved = false;
    const writer = new BlockWriter(revision);
    this.passes.begin({
      over: this.all.values(),
      apply: (series) => {
        this.takeBuckets(series, writer);
        if (!series.changed) return;
        series.changed = false;
        states.push({ revision, series: series.key, state: series.toState() });
      },
      end: () => {
        for (const block of writer.take()) buckets.push(block);
        done();
      },
    });
  }

  /** Loads stored states, then stored buckets. */
  restore(states: readonly SeriesCheckpoint[], buckets: readonly BucketTotals[]): void {
    for (const { series: key, state } of states) {
      if (key === PROGRESS) {
        this.resume(JSON.parse(state));
        continue;
      }
      const series = this.find(key);
      if (series !== undefined && !this.restoreState(series, state)) this.all.delete(keyOf(series.values));
    }
    for (const row of buckets) this.restoreBucket(row);
  }

  /** The series of a row of a checkpoint, made if there is room. */
  protected find(storedKey: string): S | undefined {
    const values = JSON.parse(storedKey) as string[];
    const key = keyOf(values);
    return this.all.get(key) ?? this.#create(key, values, this.restoredAt());
  }

  protected forget(series: S): void {
    series.dead = true;
    this.all.delete(keyOf(series.values));
    this.#forgotten.add(series.key);
  }

  protected damaged(row: BucketTotals): void {
    this.host.onError(new Error(`damaged totals of ${this.compiled.name} ${row.series} at ${row.bucket}`));
  }

  /** What every view of a series shows. */
  protected view(series: S): Omit<SeriesView, 'signals' | 'degraded'> {
    return {
      guardrail: this.compiled.name,
      revision: this.compiled.revision,
      series: this.named(series),
      state: series.machine.state,
      since: series.machine.since,
      verdictId: series.verdictId,
    };
  }

  protected named(series: S): { [field: string]: string } {
    return Object.fromEntries(this.compiled.over.groupBy.map((field, i) => [field, series.values[i]!]));
  }

  /** Takes the outcome of a step of the state machine; an empty `code` is no change of state. */
  protected move(series: S, machine: Machine, code: TransitionCode | '', message: string, now: number): void {
    const from = series.machine.state;
    series.machine = machine;
    series.changed = true;
    if (code === '') return;
    const to = machine.state;
    const fires = to === 'firing' && from !== 'probing';
    if (fires) series.verdictId = this.host.newId();
    const transition: Transition = {
      verdictId: series.verdictId,
      at: now,
      guardrail: this.compiled.name,
      revision: this.compiled.revision,
      series: this.named(series),
      from,
      to,
      code,
      message,
      ...this.account(series),
    };
    if (fires || (to === 'ok' && from !== 'pending')) this.begun(series, code, now);
    if (to === 'ok') series.verdictId = '';
    this.host.emit(transition);
  }

  /** What the document says about time and recovery of this series: probes are for what acts in its environment. */
  protected parametersOf(series: S): MachineParameters {
    const parameters = this.#written(series);
    const withheld = parameters.recovery === 'probes' && series.verdictId !== '';
    if (!withheld || !this.host.isHeld(series.verdictId)) return parameters;
    return { ...parameters, recovery: 'calls' };
  }

  #written({ values }: S): MachineParameters {
    if (this.#byEnvironment === undefined) return this.#usual;
    const environment = values[this.#environment]!;
    let known = this.#byEnvironment.get(environment);
    if (known === undefined) {
      known = this.#parameters(effectiveMode(this.compiled.guardrail.spec, environment));
      this.#byEnvironment.set(environment, known);
    }
    return known;
  }

  protected end(series: S, code: ReleaseCode, message: string, now: number): void {
    this.move(series, release(series.machine, code, now, this.parametersOf(series)).machine, code, message, now);
  }

  #create(key: string, values: readonly string[], now: number): S | undefined {
    // Where there is no room, what is due may make some.
    if (this.all.size >= this.#maxSeries) this.passes.work(() => false);
    if (this.all.size >= this.#maxSeries) {
      this.host.counts.dropped++;
      return undefined;
    }
    const series = this.make(values, now);
    series.passed = this.passes.begun;
    this.all.set(key, series);
    this.progressed = true;
    return series;
  }
}

/** True while the series acts: it is firing, or judged on its probes. */
export function acts({ machine: { state } }: BookedSeries): boolean {
  return state === 'firing' || state === 'probing';
}

// One plain value is its own key; several are joined by their JSON so that no two lists share a key.
function keyOf(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : JSON.stringify(values);
}
