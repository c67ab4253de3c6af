import type { CompiledWindowed, SignalEnv } from '@guardspan/policy';
import type { BucketRow, BucketWindow } from '../count/bucket-window.js';
import type { BlockWriter } from '../count/block-writer.js';
import type { CallGroup } from '../count/call-group.js';
import type { CallReader } from '../count/call-reader.js';
import { decodeBucket } from '../count/decode-bucket.js';
import { layoutOf, type Layout } from '../count/layout.js';
import { writeBucket } from '../count/write-bucket.js';
import { recoveryOf, step, type ReleaseCode, type TransitionCode } from '../verdict/series-machine.js';
import type { SeriesHost } from './judged-guardrail.js';
import { createSignalEnv, readSignals, readsOfAll, readsOfConditions, toReadings } from './read-signals.js';
import type { SignalRead } from './read-signals.js';
import { acts, SeriesBook } from './series-book.js';
import { MAX_EXAMPLES, parseSeriesState, Series } from './series.js';
import type { BucketTotals, SeriesCheckpoint, SeriesView, Transition } from './types.js';

/** All series of one guard-rail: counts calls into them and judges them. */
export class GuardrailSeries extends SeriesBook<Series> {
  readonly compiled: CompiledWindowed;
  readonly #layout: Layout;
  readonly #touched: Series[] = [];
  readonly #watched = new Set<Series>();
  readonly #env: SignalEnv = createSignalEnv();
  readonly #buckets: number;
  readonly #bucket: number;
  readonly #settle: number;
  readonly #keepsExamples: boolean;
  readonly #allReads: readonly SignalRead[];
  readonly #conditionReads: readonly SignalRead[];
  #boundary: number;

  constructor(compiled: CompiledWindowed, host: SeriesHost, now: number) {
    const { spec } = compiled.guardrail;
    const { cooldown, onNoData } = spec;
    super(compiled, host, {
      maxSeries: host.maxSeries,
      parameters: (mode) => ({ for: spec.for, cooldown, onNoData, recovery: recoveryOf({ ...spec, mode }) }),
    });
    this.compiled = compiled;
    this.#layout = layoutOf(compiled.signals, host.readers);
    this.#allReads = readsOfAll(this.#layout);
    this.#conditionReads = readsOfConditions(this.#layout, compiled);
    this.#settle = compiled.over.settle;
    this.#keepsExamples = !compiled.readsGroup;
    this.#bucket = compiled.over.bucket;
    this.#buckets = Math.max(1, Math.ceil(compiled.over.window / compiled.over.bucket - 1e-9));
    this.#boundary = Math.floor(now / this.#bucket);
  }

  /** What it reads from calls. */
  get readers(): CallReader[] {
    return this.#layout.signals.map(({ reader }) => reader);
  }

  /** Everything that starts before this is closed at `now`, seconds. */
  closedBefore(now: number): number {
    return Math.floor((now - this.compiled.over.settle) / this.#bucket) * this.#bucket;
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
      this.moved = true;
      this.#touched.length = 0;
      this.passes.begin({
        over: this.all.values(),
        apply: (series) => {
          this.#expire(series, boundary);
          this.#evaluate(series, now, boundary);
          if (this.#idle(series, now)) this.forget(series);
        },
      });
    } else if (this.compiled.over.every === 0 && this.#watched.size > 0) {
      this.passes.begin({
        over: this.#watched,
        apply: (series) => {
          if (series.machine.state !== 'ok') this.#evaluate(series, now, boundary);
        },
      });
    }
  }

  /** Judges the series that the last batch touched, when the document asks for that. */
  judgeTouched(now: number): void {
    const touched = this.#touched;
    if (this.compiled.over.every === 0) {
      for (let i = 0; i < touched.length; i++) this.#evaluate(touched[i]!, now, this.#boundary);
    } else {
      for (let i = 0; i < touched.length; i++) touched[i]!.touched = false;
    }
    touched.length = 0;
  }

  /** The clock went back: counts of times that have not been yet are dropped, states stay. */
  rewind(now: number): void {
    this.#boundary = Math.floor(now / this.#bucket);
    this.progressed = true;
    for (const series of this.all.values()) {
      series.restart(now, this.#boundary);
      series.firstSeen = Math.min(series.firstSeen, now);
    }
  }

  *views(now: () => number): Generator<SeriesView | undefined> {
    for (const series of [...this.all.values()]) {
      if (series.dead || !this.catchUp(series)) {
        yield undefined;
        continue;
      }
      this.#read(series, now(), this.#allReads, this.#boundary);
      yield { ...this.view(series), signals: toReadings(this.#env), degraded: series.degraded };
    }
  }

  override restore(states: readonly SeriesCheckpoint[], buckets: readonly BucketTotals[]): void {
    super.restore(states, buckets);
    for (const series of this.all.values()) {
      series.model.settle();
      series.probe?.settle();
      this.#expire(series, this.#boundary);
      if (series.machine.state !== 'ok') this.#watched.add(series);
    }
  }

  protected make(values: readonly string[], now: number): Series {
    return new Series(values, this.#layout, now);
  }

  protected account(series: Series): Pick<Transition, 'trace' | 'signals' | 'exampleTraceIds'> {
    const env = this.#env;
    return { trace: this.compiled.trace(env), signals: toReadings(env), exampleTraceIds: series.examples };
  }

  protected begun(series: Series, _code: TransitionCode, now: number): void {
    series.restart(now, Math.floor(now / this.#bucket));
  }

  protected takeBuckets(series: Series, writer: BlockWriter): void {
    if (!series.counted) return;
    series.counted = false;
    const counters = this.#layout.width - 1;
    const place = { series: series.key, bucket: 0, arm: 'model' as 'model' | 'probe' };
    const write = (row: BucketRow): void => {
      place.bucket = row.bucket * this.#bucket;
      writeBucket(writer, place, row, counters);
    };
    series.model.takeDirty(write);
    place.arm = 'probe';
    series.probe?.takeDirty(write);
  }

  protected progress(): { boundary: number } {
    return { boundary: this.#boundary };
  }

  protected resume({ boundary }: { boundary: number }): void {
    this.#boundary = boundary;
  }

  protected restoredAt(): number {
    return this.#boundary * this.#bucket;
  }

  protected restoreState(series: Series, text: string): boolean {
    const state = parseSeriesState(text);
    series.fromState(state);
    return state !== undefined;
  }

  protected restoreBucket(row: BucketTotals): void {
    const bucket = Math.round(row.bucket / this.#bucket);
    if (row.arm === 'model' && bucket < this.#boundary - this.#buckets) return;
    const series = this.find(row.series);
    if (series === undefined || bucket < Math.floor(series.restartAt / this.#bucket)) return;
    const decoded = decodeBucket(row.totals, bucket, this.#layout);
    if (decoded === undefined) this.damaged(row);
    else if (decoded.counters.some((value) => value !== 0)) series.arm(row.arm === 'probe').merge(decoded);
  }

  protected override move(
    series: Series,
    machine: Series['machine'],
    code: TransitionCode | '',
    message: string,
    now: number,
  ): void {
    if (machine.state === 'ok') this.#watched.delete(series);
    else this.#watched.add(series);
    super.move(series, machine, code, message, now);
  }

  protected override end(series: Series, code: ReleaseCode, message: string, now: number): void {
    this.#read(series, now, this.#allReads, this.#boundary);
    super.end(series, code, message, now);
  }

  #isLate(bucket: number, now: number): boolean {
    return (bucket + 1) * this.#bucket + this.#settle <= now;
  }

  /** False for a call that started before the series began anew. */
  #countOne(series: Series, group: CallGroup, index: number, now: number): boolean {
    const start = group.start(index);
    const bucket = Math.floor(start / this.#bucket);
    if (this.#isLate(bucket, now)) {
      this.host.counts.late++;
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
    this.host.counts.refused += series.arm(probe).add(group, from, to, bucket);
    if (!this.#keepsExamples) return;
    for (let i = Math.max(from, to - MAX_EXAMPLES); i < to; i++) {
      const { traceId } = group.record(i).id;
      if (traceId !== '') series.addExample(traceId);
    }
  }

  #expire(series: Series, boundary: number): void {
    const oldest = boundary - this.#buckets;
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
      this.compiled.guardrail.spec.onNoData !== 'fire' &&
      !series.counted
    );
  }

  /** True when the series is judged on its probes now. */
  #onProbes(series: Series): boolean {
    return acts(series) && this.parametersOf(series).recovery !== 'calls';
  }

  /** Fills the environment from the arm on which the series is judged now. */
  #read(series: Series, now: number, reads: readonly SignalRead[], boundary: number): void {
    const covered = Math.max(now - (boundary - this.#buckets) * this.#bucket, this.#bucket);
    readSignals(series.arm(this.#onProbes(series)), covered, reads, this.#env);
  }

  #lacksData(window: BucketWindow, needed: number): boolean {
    const reads = this.#conditionReads;
    for (let i = 0; i < reads.length; i++) if (window.total(reads[i]!.signal.slot) < needed) return true;
    return false;
  }

  #evaluate(series: Series, now: number, boundary: number): void {
    series.touched = false;
    const parameters = this.parametersOf(series);
    const env = this.#env;
    const { state } = series.machine;
    const probes = this.#onProbes(series);
    const needed = probes ? this.compiled.guardrail.spec.probe.minSamples : this.compiled.over.minSamples;
    const noData = this.#lacksData(series.arm(probes), needed);
    if (noData && state === 'ok' && parameters.onNoData !== 'fire') return;
    this.#read(series, now, this.#conditionReads, boundary);
    const breach = !noData && this.compiled.breach(env);
    if (state === 'ok' && !noData && !breach) return;
    const warm = now - Math.max(series.firstSeen, series.restartAt) >= this.compiled.over.window;
    const outcome = step(
      series.machine,
      {
        breach,
        recovered: !noData && acts(series) && this.compiled.recovered(env),
        noData,
      },
      now,
      // A series that is young has no data yet: that is no silence.
      parameters.onNoData === 'fire' && !warm ? { ...parameters, onNoData: 'keep' } : parameters,
    );
    if (outcome.machine === series.machine) return;
    this.#read(series, now, this.#allReads, boundary);
    const message =
      outcome.code === 'no_data' ? `Fewer than ${needed} calls in the window.` : this.compiled.message(env);
    this.move(series, outcome.machine, outcome.code, message, now);
  }
}
