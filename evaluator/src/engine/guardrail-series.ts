import type { CompiledWindowed, ModelCall, SignalEnv } from '@guardspan/policy';
import { BucketEncoder } from '../count/bucket-encoder.js';
import { decodeBucket } from '../count/decode-bucket.js';
import type { BucketWindow } from '../count/bucket-window.js';
import type { CallGroup } from '../count/call-group.js';
import type { CallReader, CallReaders } from '../count/call-reader.js';
import { layoutOf, type Layout } from '../count/layout.js';
import { release, step, type MachineParameters, type TransitionCode } from '../verdict/series-machine.js';
import type { JudgedGuardrail, TransitionHost } from './judged-guardrail.js';
import { PLAN_FIELDS } from './plan-index.js';
import { createSignalEnv, readSignals, readsOfAll, readsOfConditions, toReadings } from './read-signals.js';
import type { SignalRead } from './read-signals.js';
import { MAX_EXAMPLES, parseSeriesState, Series } from './series.js';
import type { BucketTotals, SeriesCheckpoint, SeriesView, Transition } from './types.js';

/** Key of the row that holds the guard-rail's own progress in a checkpoint. */
const PROGRESS = '';

/** What the guard-rails of one engine share. */
export interface SeriesHost extends TransitionHost {
  readonly maxSeries: number;
  readonly readers: CallReaders;
  /** Counters of what went wrong, for `stats()`. */
  readonly counts: { late: number; dropped: number; refused: number };
}

/** All series of one guard-rail: counts calls into them and judges them. */
export class GuardrailSeries implements JudgedGuardrail<Series> {
  readonly compiled: CompiledWindowed;
  /** True when all calls of a plan belong to one series. */
  readonly fixed: boolean;
  readonly #layout: Layout;
  readonly #host: SeriesHost;
  readonly #series = new Map<string, Series>();
  readonly #touched: Series[] = [];
  readonly #watched = new Set<Series>();
  readonly #forgotten = new Set<string>();
  readonly #env: SignalEnv = createSignalEnv();
  readonly #parameters: MachineParameters;
  readonly #buckets: number;
  readonly #bucket: number;
  readonly #settle: number;
  readonly #keepsExamples: boolean;
  readonly #allReads: readonly SignalRead[];
  readonly #conditionReads: readonly SignalRead[];
  #boundary: number;
  #progressed = false;

  constructor(compiled: CompiledWindowed, host: SeriesHost, now: number) {
    const { spec } = compiled.guardrail;
    this.compiled = compiled;
    this.fixed = compiled.over.groupBy.every((field) => PLAN_FIELDS.has(field));
    this.#layout = layoutOf(compiled.signals, host.readers);
    this.#allReads = readsOfAll(this.#layout);
    this.#conditionReads = readsOfConditions(this.#layout, compiled);
    this.#settle = compiled.over.settle;
    this.#keepsExamples = !compiled.readsGroup;
    this.#host = host;
    this.#bucket = compiled.over.bucket;
    this.#buckets = Math.max(1, Math.ceil(compiled.over.window / compiled.over.bucket - 1e-9));
    this.#boundary = Math.floor(now / this.#bucket);
    const withholds = spec.mode === 'enforce' && spec.action.type !== 'annotate';
    const probed = spec.probe.share > 0 || spec.probe.perSecond > 0;
    this.#parameters = {
      for: spec.for,
      cooldown: spec.cooldown,
      onNoData: spec.onNoData,
      recovery: !withholds ? 'calls' : probed ? 'probes' : 'operator',
    };
  }

  /** Number of series. */
  get size(): number {
    return this.#series.size;
  }

  /** What it reads from calls. */
  get readers(): CallReader[] {
    return this.#layout.signals.map(({ reader }) => reader);
  }

  /** When the next bucket begins, seconds. */
  get nextBoundary(): number {
    return (this.#boundary + 1) * this.#bucket;
  }

  /** Everything that starts before this is closed at `now`, seconds. */
  closedBefore(now: number): number {
    return Math.floor((now - this.compiled.over.settle) / this.#bucket) * this.#bucket;
  }

  /** The series of a call, made if there is room; undefined (and counted) when there is none. */
  seriesOf(call: ModelCall, now: number): Series | undefined {
    const values = this.compiled.seriesValues(call);
    // One plain value is its own key; several are joined by their JSON so that no two lists share a key.
    const key = values.length === 1 ? values[0]! : JSON.stringify(values);
    return this.#series.get(key) ?? this.#create(key, values, now);
  }

  /** Counts the calls of a group from index `from` up to `to` (excluded), which belong to one series. */
  count(series: Series, group: CallGroup, from: number, to: number, now: number): void {
    const bucket = Math.floor(group.earliest / this.#bucket);
    const whole =
      !group.probes &&
      Math.floor(group.latest / this.#bucket) === bucket &&
      !this.#isLate(bucket, now) &&
      group.earliest >= series.restartAt;
    let counted = whole;
    if (whole) this.#add(series, group, from, to, bucket);
    else for (let i = from; i < to; i++) counted = this.#countOne(series, group, i, now) || counted;
    if (!counted) return;
    series.counted = true;
    if (!series.touched) {
      series.touched = true;
      this.#touched.push(series);
    }
  }

  /** Lets time pass to `now`: at the start of a bucket expires old ones and judges every series; between, judges what waits for time. */
  advance(now: number): void {
    const boundary = Math.floor(now / this.#bucket);
    if (boundary > this.#boundary) {
      this.#boundary = boundary;
      this.#progressed = this.#series.size > 0;
      this.#touched.length = 0;
      for (const [key, series] of this.#series) {
        this.#expire(series);
        this.#evaluate(series, now);
        if (this.#idle(series, now)) this.#forget(key, series);
      }
    } else if (this.compiled.over.every === 0) {
      for (const series of this.#watched) this.#evaluate(series, now);
    }
  }

  /** Judges the series that the last batch touched, when the document asks for that. */
  judgeTouched(now: number): void {
    const touched = this.#touched;
    if (this.compiled.over.every === 0) {
      for (let i = 0; i < touched.length; i++) this.#evaluate(touched[i]!, now);
    } else {
      for (let i = 0; i < touched.length; i++) touched[i]!.touched = false;
    }
    touched.length = 0;
  }

  /** The clock went back: counts of times that have not been yet are dropped, states stay. */
  rewind(now: number): void {
    this.#boundary = Math.floor(now / this.#bucket);
    this.#progressed = true;
    for (const series of this.#series.values()) {
      series.restart(now, this.#boundary);
      series.firstSeen = Math.min(series.firstSeen, now);
    }
  }

  /** Puts a series back to `ok` by hand; false when there is no such series or it is `ok`. */
  release(values: { [field: string]: string }, now: number, by: string): boolean {
    const fields = this.compiled.over.groupBy;
    for (const series of this.#series.values()) {
      if (series.machine.state === 'ok' || fields.some((field, i) => values[field] !== series.values[i])) continue;
      this.#end(series, 'operator', `Released by ${by}.`, now);
      return true;
    }
    return false;
  }

  /** Ends what is firing because the document was changed or removed. */
  close(now: number): void {
    for (const series of this.#series.values()) {
      const { state } = series.machine;
      if (state === 'firing' || state === 'probing') {
        this.#end(series, 'document_changed', 'The guard-rail was changed or removed.', now);
      }
      series.dead = true;
    }
  }

  views(now: number): SeriesView[] {
    return [...this.#series.values()].map((series) => {
      this.#read(series, now, this.#allReads);
      return {
        guardrail: this.compiled.name,
        revision: this.compiled.revision,
        series: this.#named(series),
        state: series.machine.state,
        since: series.machine.since,
        verdictId: series.verdictId,
        signals: toReadings(this.#env),
        degraded: series.degraded,
      };
    });
  }

  /** Hands over what changed since the last time. */
  take(buckets: BucketTotals[], states: SeriesCheckpoint[]): void {
    const encoder = new BucketEncoder();
    const { revision } = this.compiled;
    for (const series of this.#series.values()) {
      if (series.counted) {
        series.counted = false;
        for (const arm of ['model', 'probe'] as const) {
          series[arm]?.takeDirty((row) => {
            buckets.push({
              revision,
              series: series.key,
              bucket: row.bucket * this.#bucket,
              arm,
              totals: encoder.encode(row),
            });
          });
        }
      }
      if (series.changed) {
        series.changed = false;
        states.push({ revision, series: series.key, state: series.toState() });
      }
    }
    for (const series of this.#forgotten) states.push({ revision, series, state: '{}' });
    this.#forgotten.clear();
    if (this.#progressed) {
      this.#progressed = false;
      states.push({ revision, series: PROGRESS, state: JSON.stringify({ boundary: this.#boundary }) });
    }
  }

  /** Loads stored states, then stored buckets. */
  restore(states: readonly SeriesCheckpoint[], buckets: readonly BucketTotals[]): void {
    for (const { series: key, state } of states) {
      if (key === PROGRESS) this.#boundary = (JSON.parse(state) as { boundary: number }).boundary;
      else this.#find(key)?.fromState(parseSeriesState(state));
      if (key !== PROGRESS && parseSeriesState(state) === undefined) this.#remove(key);
    }
    const oldest = this.#boundary - this.#buckets;
    for (const row of buckets) {
      const bucket = Math.round(row.bucket / this.#bucket);
      if (row.arm === 'model' && bucket < oldest) continue;
      const series = this.#find(row.series);
      if (series === undefined || bucket < Math.floor(series.restartAt / this.#bucket)) continue;
      const decoded = decodeBucket(row.totals, bucket, this.#layout);
      if (decoded === undefined) {
        this.#host.onError(new Error(`damaged totals of ${this.compiled.name} ${row.series} at ${row.bucket}`));
      } else if (decoded.counters.some((value) => value !== 0)) {
        series.arm(row.arm === 'probe').merge(decoded);
      }
    }
    for (const series of this.#series.values()) {
      series.model.settle();
      series.probe?.settle();
      this.#expire(series);
      if (series.machine.state !== 'ok') this.#watched.add(series);
    }
  }

  #isLate(bucket: number, now: number): boolean {
    return (bucket + 1) * this.#bucket + this.#settle <= now;
  }

  /** False for a call that started before the series began anew. */
  #countOne(series: Series, group: CallGroup, index: number, now: number): boolean {
    const start = group.start(index);
    const bucket = Math.floor(start / this.#bucket);
    if (this.#isLate(bucket, now)) {
      this.#host.counts.late++;
      series.model.addLate(this.#boundary);
      return true;
    }
    if (start < series.restartAt) return false;
    this.#add(series, group, index, index + 1, bucket);
    return true;
  }

  /** Counts calls of one bucket and, unless it is a single one, of the model arm. */
  #add(series: Series, group: CallGroup, from: number, to: number, bucket: number): void {
    const probe = group.probes && group.record(from).call.decision.probe;
    this.#host.counts.refused += series.arm(probe).add(group, from, to, bucket);
    if (!this.#keepsExamples) return;
    for (let i = Math.max(from, to - MAX_EXAMPLES); i < to; i++) {
      const { traceId } = group.record(i).id;
      if (traceId !== '') series.addExample(traceId);
    }
  }

  #create(key: string, values: readonly string[], now: number): Series | undefined {
    if (this.#series.size >= this.#host.maxSeries) {
      this.#host.counts.dropped++;
      return undefined;
    }
    const series = new Series(values, this.#layout, now);
    this.#series.set(key, series);
    this.#progressed = true;
    this.#forgotten.delete(series.key);
    return series;
  }

  #mapKey(storedKey: string): { key: string; values: string[] } {
    const values = JSON.parse(storedKey) as string[];
    return { key: values.length === 1 ? values[0]! : storedKey, values };
  }

  #find(storedKey: string): Series | undefined {
    const { key, values } = this.#mapKey(storedKey);
    return this.#series.get(key) ?? this.#create(key, values, this.#boundary * this.#bucket);
  }

  #remove(storedKey: string): void {
    this.#series.delete(this.#mapKey(storedKey).key);
  }

  #expire(series: Series): void {
    const oldest = this.#boundary - this.#buckets;
    series.model.expire(oldest, 0);
    // Where traffic is thin, a window may never hold enough probes: older ones stay until newer ones replace them.
    series.probe?.expire(oldest, series.machine.state === 'ok' ? 0 : this.compiled.guardrail.spec.probe.minSamples);
  }

  #idle(series: Series, now: number): boolean {
    return (
      series.machine.state === 'ok' &&
      series.model.length === 0 &&
      (series.probe?.length ?? 0) === 0 &&
      now >= series.machine.cooldownUntil &&
      this.#parameters.onNoData !== 'fire' &&
      !series.counted
    );
  }

  #forget(key: string, series: Series): void {
    series.dead = true;
    this.#series.delete(key);
    this.#forgotten.add(series.key);
  }

  /** True when the series is judged on its probes now. */
  #onProbes(series: Series): boolean {
    const { state } = series.machine;
    return (state === 'firing' || state === 'probing') && this.#parameters.recovery !== 'calls';
  }

  /** Fills the environment from the arm on which the series is judged now. */
  #read(series: Series, now: number, reads: readonly SignalRead[]): void {
    const covered = Math.max(now - (this.#boundary - this.#buckets) * this.#bucket, this.#bucket);
    readSignals(series.arm(this.#onProbes(series)), covered, reads, this.#env);
  }

  #lacksData(window: BucketWindow, needed: number): boolean {
    const reads = this.#conditionReads;
    for (let i = 0; i < reads.length; i++) if (window.total(reads[i]!.signal.slot) < needed) return true;
    return false;
  }

  #evaluate(series: Series, now: number): void {
    series.touched = false;
    const parameters = this.#parameters;
    const env = this.#env;
    const { state } = series.machine;
    const probes = this.#onProbes(series);
    const needed = probes ? this.compiled.guardrail.spec.probe.minSamples : this.compiled.over.minSamples;
    const noData = this.#lacksData(series.arm(probes), needed);
    if (noData && state === 'ok' && parameters.onNoData !== 'fire') return;
    this.#read(series, now, this.#conditionReads);
    const breach = !noData && this.compiled.breach(env);
    if (state === 'ok' && !noData && !breach) return;
    const warm = now - Math.max(series.firstSeen, series.restartAt) >= this.compiled.over.window;
    const outcome = step(
      series.machine,
      {
        breach,
        recovered: !noData && (state === 'firing' || state === 'probing') && this.compiled.recovered(env),
        noData,
      },
      now,
      // A series that is young has no data yet: that is no silence.
      parameters.onNoData === 'fire' && !warm ? { ...parameters, onNoData: 'keep' } : parameters,
    );
    if (outcome.machine === series.machine) return;
    this.#read(series, now, this.#allReads);
    const message =
      outcome.code === 'no_data' ? `Fewer than ${needed} calls in the window.` : this.compiled.message(env);
    this.#move(series, outcome.machine, outcome.code, message, now);
  }

  #end(series: Series, code: 'operator' | 'document_changed', message: string, now: number): void {
    this.#read(series, now, this.#allReads);
    this.#move(series, release(series.machine, code, now, this.#parameters).machine, code, message, now);
  }

  #move(series: Series, machine: Series['machine'], code: TransitionCode | '', message: string, now: number): void {
    const from = series.machine.state;
    series.machine = machine;
    series.changed = true;
    if (code === '') return;
    const to = machine.state;
    if (to === 'firing' && from !== 'probing') series.verdictId = this.#host.newId();
    const transition: Transition = {
      verdictId: series.verdictId,
      at: now,
      guardrail: this.compiled.name,
      revision: this.compiled.revision,
      series: this.#named(series),
      from,
      to,
      code,
      message,
      trace: this.compiled.trace(this.#env),
      signals: toReadings(this.#env),
      exampleTraceIds: series.examples,
    };
    const released = to === 'ok' && from !== 'pending';
    if (released || (to === 'firing' && from !== 'probing')) {
      series.restart(now, Math.floor(now / this.#bucket));
    }
    if (to === 'ok') {
      series.verdictId = '';
      this.#watched.delete(series);
    } else this.#watched.add(series);
    this.#host.emit(transition);
  }

  #named(series: Series): { [field: string]: string } {
    return Object.fromEntries(this.compiled.over.groupBy.map((field, i) => [field, series.values[i]!]));
  }
}
