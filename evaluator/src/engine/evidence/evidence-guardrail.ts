import { createObservation } from '@guardspan/policy';
import type { CompiledEvidence, ModelCall, RecordedCall } from '@guardspan/policy';
import { BlockWriter } from '../../count/block-writer.js';
import type { CallGroup } from '../../count/call-group.js';
import type { CallReader } from '../../count/call-reader.js';
import { decodeCells } from '../../count/cells/cell-codec.js';
import { CellCounts } from '../../count/cells/cell-counts.js';
import { recoveryOf, step, type TransitionCode } from '../../verdict/series-machine.js';
import type { CheckpointRows, SeriesHost } from '../judged-guardrail.js';
import { acts, SeriesBook } from '../series-book.js';
import type { BucketTotals, LateFact, SeriesCheckpoint, SeriesView, Transition } from '../types.js';
import { ConcurrentArms } from './concurrent-arms.js';
import { EvidenceRule } from './evidence-rule.js';
import { EvidenceSeries } from './evidence-series.js';
import { explainSeries, listedSignals, messageOf, rounded, signalsOf } from './explain-series.js';
import { FactJoin } from './fact-join.js';
import { OpenRecord } from './open-record.js';
import { promiseStatus } from './promise-status.js';
import type { EvidenceReport } from './report.js';
import { warnList } from './warn-list.js';

/** What a checkpoint holds of the guard-rail itself. */
interface Progress {
  next: number;
  joined: number;
  lost: number;
}

/** All series of a guard-rail with a test: counts calls into buckets, and judges at their closes only. */
export class EvidenceGuardrail extends SeriesBook<EvidenceSeries> {
  readonly compiled: CompiledEvidence;
  readonly #rule: EvidenceRule;
  readonly #facts: FactJoin;
  readonly #open: OpenRecord | undefined;
  readonly #seen = createObservation();
  readonly #values: string[] = [];
  readonly #bucket: number;
  readonly #settle: number;
  readonly #arms: ConcurrentArms;
  /** Buckets that some series has open. */
  readonly #opened = new Set<number>();
  /** Rows of buckets that closed since the last checkpoint. */
  readonly #closed: BlockWriter;
  /** How many calls got their facts when the bucket that is being closed was over; undefined while none is. */
  #joins: { joined: number; lost: number } | undefined;
  /** Number of the first bucket that has not closed. */
  #next: number;

  constructor(compiled: CompiledEvidence, host: SeriesHost, now: number) {
    const { spec } = compiled.guardrail;
    const { maxSeries, promise } = compiled.evidence;
    super(compiled, host, {
      maxSeries: Math.min(maxSeries, host.maxSeries),
      parameters: (mode) => ({
        for: 0,
        cooldown: spec.cooldown,
        onNoData: 'keep',
        // A test of fixed level is one test: what it rejected stays rejected until a person says otherwise.
        recovery: promise.alpha === null ? recoveryOf({ ...spec, mode }) : 'operator',
      }),
    });
    this.compiled = compiled;
    this.#rule = new EvidenceRule(compiled);
    this.#closed = new BlockWriter(compiled.revision);
    this.#facts = new FactJoin(compiled.needs);
    this.#arms = new ConcurrentArms(compiled);
    if (compiled.takesOpen) this.#open = new OpenRecord();
    this.#bucket = compiled.over.bucket;
    this.#settle = compiled.over.settle;
    this.#next = this.#firstOpen(now);
  }

  /** It reads calls by itself. */
  get readers(): CallReader[] {
    return [];
  }

  closedBefore(now: number): number {
    return this.#firstOpen(now) * this.#bucket;
  }

  count(series: EvidenceSeries, group: CallGroup, from: number, to: number, now: number): void {
    const joins = this.compiled.needs.length > 0;
    for (let i = from; i < to; i++) {
      const { call, id, sampled } = group.record(i);
      // It was counted as slow while it was open.
      if (this.#open?.take(id) === true) continue;
      if (sampled) series.checks.sampled++;
      const whole = joins ? this.#facts.admit(call, id, now) : call;
      if (whole !== undefined) this.#add(series, whole, group.start(i), now, id.traceId);
    }
  }

  /** Counts a call that has been open for longer than the limit in the bucket in which it started; its end does not count any more. */
  open(record: RecordedCall, start: number, now: number): void {
    const { call, id } = record;
    const { test } = this.compiled.evidence;
    if (this.#open === undefined || test.type !== 'latency' || call.duration <= test.within) return;
    if (!this.#open.add(id, now)) return;
    this.progressed = true;
    const series = this.seriesOf(call, now);
    if (series === undefined) return;
    series.opened++;
    this.#add(series, call, start, now, id.traceId);
  }

  /** Takes a late fact; true when its call waited for it. The call counts in the bucket in which its last fact came. */
  fact(fact: LateFact, now: number): boolean {
    const known = this.#facts.knows(fact);
    const call = this.#facts.accept(fact);
    if (call === undefined) return known;
    this.progressed = true;
    const series = this.seriesOf(call, now);
    if (series !== undefined) this.#add(series, call, now, now, fact.traceId);
    return true;
  }

  /** Lets time pass: closes the buckets that are over, oldest first, all series of one bucket before the next. */
  advance(now: number): void {
    const first = this.#firstOpen(now);
    if (first <= this.#next) return;
    const due = [...this.#opened].filter((bucket) => bucket < first).sort((a, b) => a - b);
    for (const bucket of due) this.#close(bucket);
    this.#next = first;
    this.moved = true;
  }

  judgeTouched(): void {
    // Evidence acts at closes only.
  }

  rewind(now: number): void {
    this.#next = this.#firstOpen(now);
    this.progressed = true;
    this.#opened.clear();
    for (const series of this.all.values()) {
      series.open.clear();
      series.restart(now, 'clock_went_back', this.#rule.renewed(series));
      series.firstSeen = Math.min(series.firstSeen, now);
    }
  }

  *views(): Generator<SeriesView | undefined> {
    const all: EvidenceSeries[] = [];
    for (const series of [...this.all.values()]) {
      if (!series.dead && this.catchUp(series)) all.push(series);
      yield undefined;
    }
    // All of them at once, so for who asks only.
    let warned: boolean[] | undefined;
    const evidences = all.map(({ evidence }) => evidence);
    const isWarned = (index: number): boolean => (warned ??= warnList(evidences, this.#rule.threshold))[index]!;
    for (const [index, series] of all.entries()) {
      if (series.dead || !this.catchUp(series)) continue;
      const baseline = this.#rule.judge.reference?.(series.judge);
      yield {
        ...this.view(series),
        signals: listedSignals(series, this.#rule.judge),
        degraded: series.degraded,
        evidence: {
          value: series.evidence,
          threshold: this.#rule.threshold,
          get warned() {
            return isWarned(index);
          },
          promise: promiseStatus(series, this.compiled, this.#facts, baseline?.spent),
          ...(baseline === undefined ? {} : { baseline }),
        },
      };
    }
  }

  /** Everything that a person needs to judge a verdict that holds; undefined when no series has it. */
  explain(verdictId: string): EvidenceReport | undefined {
    for (const series of this.all.values())
      if (this.catchUp(series) && series.verdictId === verdictId) return this.#report(series);
    return undefined;
  }

  /** Reports of series in order of their keys, the first `limit` of them. */
  reports(limit = Infinity): EvidenceReport[] {
    const all = [...this.all.values()].filter((series) => this.catchUp(series));
    const first = all.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, limit);
    return first.map((series) => this.#report(series));
  }

  override checkpoint(rows: CheckpointRows, done: () => void): void {
    for (const block of this.#closed.take()) rows.buckets.push(block);
    this.#facts.take(this.compiled.revision, rows.series);
    this.#open?.checkpoint(this.compiled.revision, rows.series);
    super.checkpoint(rows, done);
  }

  override restore(states: readonly SeriesCheckpoint[], buckets: readonly BucketTotals[]): void {
    super.restore(
      states.filter((row) => !this.#facts.restore(row) && this.#open?.restore(row) !== true),
      buckets,
    );
  }

  protected make(values: readonly string[], now: number): EvidenceSeries {
    const series = new EvidenceSeries(values, now);
    series.judge = this.#rule.judge.initial();
    this.#arms.add(series, this.passes.begun);
    return series;
  }

  protected account(series: EvidenceSeries): Pick<Transition, 'trace' | 'signals' | 'exampleTraceIds' | 'evidence'> {
    const evidence = this.#report(series);
    const expression = `evidence >= ${rounded(this.#rule.threshold)}`;
    return {
      trace: [{ expression, value: rounded(evidence.evidence.value), evaluated: true }],
      signals: signalsOf(series, this.#rule.judge),
      exampleTraceIds: [...series.examples],
      evidence,
    };
  }

  protected begun(series: EvidenceSeries, code: TransitionCode, now: number): void {
    if (series.machine.state === 'ok') {
      series.restart(now, code === 'operator' ? 'operator' : 'release', this.#rule.renewed(series));
      return;
    }
    series.recoverAt = this.#rule.recoverAt(series);
    series.probes = new CellCounts();
    // Our own action changes who is counted.
    if (this.parametersOf(series).recovery !== 'calls' && this.compiled.evidence.promise.alpha === null)
      series.restart(now, 'activation', this.#rule.renewed(series));
  }

  protected takeBuckets(series: EvidenceSeries, writer: BlockWriter): void {
    for (const bucket of series.open.keys()) series.write(bucket, bucket * this.#bucket, writer);
  }

  protected progress(): Progress {
    const { joined, lost } = this.#facts;
    return { next: this.#next, joined, lost };
  }

  protected resume({ next, joined, lost }: Progress): void {
    this.#next = next;
    Object.assign(this.#facts, { joined, lost });
  }

  protected restoredAt(): number {
    return this.#next * this.#bucket;
  }

  protected restoreState(series: EvidenceSeries, state: string): boolean {
    const known = series.fromState(state);
    if (!known) this.#arms.remove(series);
    return known;
  }

  protected restoreBucket(row: BucketTotals): void {
    const bucket = Math.round(row.bucket / this.#bucket);
    if (bucket < this.#next) return;
    const cells = decodeCells(row.totals);
    if (cells === undefined) {
      this.damaged(row);
      return;
    }
    const series = this.find(row.series);
    if (series === undefined || (bucket + 1) * this.#bucket <= series.restartAt) return;
    this.#opened.add(bucket);
    const open = series.bucket(bucket);
    open[row.arm].merge(cells);
    open.dirty = false;
  }

  #firstOpen(now: number): number {
    return Math.floor((now - this.#settle) / this.#bucket + 1e-9);
  }

  #add(series: EvidenceSeries, call: ModelCall, start: number, now: number, traceId: string): void {
    const bucket = Math.floor(start / this.#bucket + 1e-9);
    series.total++;
    series.changed = true;
    if (bucket < Math.max(this.#next, this.#firstOpen(now))) {
      this.host.counts.late++;
      series.late++;
      return;
    }
    if (start < series.restartAt || !this.compiled.observe(call, this.#seen)) return;
    const { explainers } = this.compiled;
    for (let i = 0; i < explainers.length; i++) this.#values[i] = explainers[i]!(call);
    this.#opened.add(bucket);
    series.bucket(bucket)[call.decision.probe ? 'probe' : 'model'].add(this.#seen, this.#values);
    if (!this.compiled.readsGroup && traceId !== '') series.addExample(traceId);
  }

  #close(bucket: number): void {
    const at = bucket * this.#bucket;
    // The time of a verdict is the close of its bucket, whenever that is noticed: a replay says the same.
    const closedAt = at + this.#bucket + this.#settle;
    const { joined, lost } = this.#facts;
    const opened = this.passes.begun;
    this.#opened.delete(bucket);
    this.passes.begin({
      over: this.all.values(),
      apply: (series) => {
        const open = series.open.get(bucket);
        if (open === undefined) return;
        this.#joins = { joined, lost };
        try {
          const onProbes = acts(series) && this.parametersOf(series).recovery === 'probes';
          if (!onProbes) this.#rule.feed(series, open.model, () => this.#arms.counts(series, bucket, opened), at);
          if (acts(series)) series.probes.merge((onProbes ? open.probe : open.model).toRows());
          this.#evaluate(series, closedAt);
        } finally {
          this.#joins = undefined;
        }
      },
    });
    // A bucket goes when all series have closed it: it may be the concurrent arm of another.
    this.passes.begin({
      over: this.all.values(),
      apply: (series) => {
        series.write(bucket, at, this.#closed);
        series.open.delete(bucket);
      },
      catchesUp: false,
    });
  }

  #evaluate(series: EvidenceSeries, now: number): void {
    const input = this.#rule.input(series);
    if (!input.breach && series.machine.state === 'ok') return;
    const outcome = step(series.machine, input, now, this.parametersOf(series));
    if (outcome.machine === series.machine) return;
    const message = messageOf(series, this.compiled, this.#rule);
    this.move(series, outcome.machine, outcome.code, message, now);
  }

  #report(series: EvidenceSeries): EvidenceReport {
    return explainSeries(series, this.compiled, this.#rule.judge, {
      threshold: this.#rule.threshold,
      series: this.named(series),
      promise: promiseStatus(
        series,
        this.compiled,
        this.#joins ?? this.#facts,
        this.#rule.judge.reference?.(series.judge).spent,
      ),
      bucket: this.#bucket,
      security: this.#rule.security(series),
    });
  }
}
