import { createObservation } from '@guardspan/policy';
import type { CompiledEvidence, ModelCall } from '@guardspan/policy';
import type { CallGroup } from '../../count/call-group.js';
import type { CallReader } from '../../count/call-reader.js';
import { decodeCells, encodeCells } from '../../count/cells/cell-codec.js';
import { CellCounts, NO_CELLS, type CellRows } from '../../count/cells/cell-counts.js';
import { recoveryOf, step, type TransitionCode } from '../../verdict/series-machine.js';
import type { SeriesHost } from '../judged-guardrail.js';
import { acts, SeriesBook } from '../series-book.js';
import type { BucketTotals, LateFact, SeriesCheckpoint, SeriesView, Transition } from '../types.js';
import { concurrentArm } from './concurrent-arm.js';
import { EvidenceRule } from './evidence-rule.js';
import { EvidenceSeries, type OpenBucket } from './evidence-series.js';
import { explainSeries, messageOf, rounded, signalsOf } from './explain-series.js';
import { FactJoin } from './fact-join.js';
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
  readonly #seen = createObservation();
  readonly #values: string[] = [];
  readonly #bucket: number;
  readonly #settle: number;
  #closedRows: BucketTotals[] = [];
  /** Number of the first bucket that has not closed. */
  #next: number;

  constructor(compiled: CompiledEvidence, host: SeriesHost, now: number) {
    const { spec } = compiled.guardrail;
    const { maxSeries, promise } = compiled.evidence;
    super(compiled, host, {
      maxSeries: Math.min(maxSeries, host.maxSeries),
      parameters: {
        for: 0,
        cooldown: spec.cooldown,
        onNoData: 'keep',
        // A test of fixed level is one test: what it rejected stays rejected until a person says otherwise.
        recovery: promise.alpha === null ? recoveryOf(spec) : 'operator',
      },
    });
    this.compiled = compiled;
    this.#rule = new EvidenceRule(compiled);
    this.#facts = new FactJoin(compiled.needs);
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
      if (sampled) series.checks.sampled++;
      const whole = joins ? this.#facts.admit(call, id, now) : call;
      if (whole !== undefined) this.#add(series, whole, group.start(i), now, id.traceId);
    }
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
    const due = new Set<number>();
    for (const series of this.all.values())
      for (const bucket of series.open.keys()) if (bucket < first) due.add(bucket);
    for (const bucket of [...due].sort((a, b) => a - b)) this.#close(bucket);
    this.#next = first;
    this.progressed = this.all.size > 0;
  }

  judgeTouched(): void {
    // Evidence acts at closes only.
  }

  rewind(now: number): void {
    this.#next = this.#firstOpen(now);
    this.progressed = true;
    for (const series of this.all.values()) {
      series.open.clear();
      series.restart(now, 'clock_went_back', this.#rule.renewed(series));
      series.firstSeen = Math.min(series.firstSeen, now);
    }
  }

  views(): SeriesView[] {
    const all = [...this.all.values()];
    const warned = warnList(
      all.map(({ evidence }) => evidence),
      this.#rule.threshold,
    );
    return all.map((series, index) => {
      const baseline = this.#rule.judge.reference?.(series.judge);
      return {
        ...this.view(series),
        signals: signalsOf(series, this.#rule.judge),
        degraded: series.degraded,
        evidence: {
          value: series.evidence,
          threshold: this.#rule.threshold,
          warned: warned[index]!,
          promise: promiseStatus(series, this.compiled, this.#facts, baseline?.spent),
          ...(baseline === undefined ? {} : { baseline }),
        },
      };
    });
  }

  /** Everything that a person needs to judge a verdict that holds; undefined when no series has it. */
  explain(verdictId: string): EvidenceReport | undefined {
    for (const series of this.all.values()) if (series.verdictId === verdictId) return this.#report(series);
    return undefined;
  }

  /** Reports of all series, in order of their keys. */
  reports(): EvidenceReport[] {
    return [...this.all.values()].sort((a, b) => (a.key < b.key ? -1 : 1)).map((series) => this.#report(series));
  }

  override take(buckets: BucketTotals[], states: SeriesCheckpoint[]): void {
    for (const row of this.#closedRows) buckets.push(row);
    this.#closedRows = [];
    super.take(buckets, states);
    this.#facts.take(this.compiled.revision, states);
  }

  override restore(states: readonly SeriesCheckpoint[], buckets: readonly BucketTotals[]): void {
    super.restore(
      states.filter((row) => !this.#facts.restore(row)),
      buckets,
    );
  }

  protected make(values: readonly string[], now: number): EvidenceSeries {
    const series = new EvidenceSeries(values, now);
    series.judge = this.#rule.judge.initial();
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
    if (this.parameters.recovery !== 'calls' && this.compiled.evidence.promise.alpha === null)
      series.restart(now, 'activation', this.#rule.renewed(series));
  }

  protected takeBuckets(series: EvidenceSeries, buckets: BucketTotals[]): void {
    for (const [bucket, open] of series.open) {
      if (!open.dirty) continue;
      open.dirty = false;
      this.#store(series, bucket, open, buckets);
    }
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
    return series.fromState(state);
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
    series.bucket(bucket)[call.decision.probe ? 'probe' : 'model'].add(this.#seen, this.#values);
    if (!this.compiled.readsGroup && traceId !== '') series.addExample(traceId);
  }

  #close(bucket: number): void {
    const at = bucket * this.#bucket;
    // The time of a verdict is the close of its bucket, whenever that is noticed: a replay says the same.
    const closedAt = at + this.#bucket + this.#settle;
    const closing = [...this.all.values()].filter((series) => series.open.has(bucket));
    for (const series of closing) {
      const { model, probe } = series.open.get(bucket)!;
      const onProbes = this.#onProbes(series);
      if (!onProbes) this.#rule.feed(series, model, () => this.#beside(series, bucket), at);
      if (acts(series)) series.probes.merge((onProbes ? probe : model).toRows());
      this.#evaluate(series, closedAt);
    }
    for (const series of closing) {
      const open = series.open.get(bucket);
      if (open === undefined) continue;
      if (open.dirty) this.#store(series, bucket, open, this.#closedRows);
      series.open.delete(bucket);
    }
  }

  #evaluate(series: EvidenceSeries, now: number): void {
    const input = this.#rule.input(series);
    if (!input.breach && series.machine.state === 'ok') return;
    const outcome = step(series.machine, input, now, this.parameters);
    if (outcome.machine === series.machine) return;
    const message = messageOf(series, this.compiled, this.#rule);
    this.move(series, outcome.machine, outcome.code, message, now);
  }

  /** What the concurrent arm counted in a bucket. */
  #beside(series: EvidenceSeries, bucket: number): CellRows {
    return concurrentArm(series, this.all.values(), this.compiled)?.open.get(bucket)?.model.toRows() ?? NO_CELLS;
  }

  #report(series: EvidenceSeries): EvidenceReport {
    return explainSeries(series, this.compiled, this.#rule.judge, {
      threshold: this.#rule.threshold,
      series: this.named(series),
      promise: promiseStatus(series, this.compiled, this.#facts, this.#rule.judge.reference?.(series.judge).spent),
      bucket: this.#bucket,
    });
  }

  #onProbes(series: EvidenceSeries): boolean {
    return acts(series) && this.parameters.recovery === 'probes';
  }

  #store(series: EvidenceSeries, bucket: number, open: OpenBucket, into: BucketTotals[]): void {
    for (const arm of ['model', 'probe'] as const) {
      const cells = open[arm].toRows();
      if (cells.rows.length === 0) continue;
      const { revision } = this.compiled;
      into.push({ revision, series: series.key, bucket: bucket * this.#bucket, arm, totals: encodeCells(cells) });
    }
  }
}
