import { createObservation, evidenceThreshold } from '@guardspan/policy';
import type { CompiledEvidence, ModelCall } from '@guardspan/policy';
import type { CallGroup } from '../../count/call-group.js';
import type { CallReader } from '../../count/call-reader.js';
import { decodeCells, encodeCells } from '../../count/cells/cell-codec.js';
import { CellCounts, NO_CELLS } from '../../count/cells/cell-counts.js';
import type { CellRows } from '../../count/cells/cell-counts.js';
import { release, step, type MachineParameters, type TransitionCode } from '../../verdict/series-machine.js';
import type { JudgedGuardrail } from '../judged-guardrail.js';
import type { SeriesHost } from '../guardrail-series.js';
import { PLAN_FIELDS } from '../plan-index.js';
import type { BucketTotals, LateFact, SeriesCheckpoint, SeriesView } from '../types.js';
import { EvidenceSeries } from './evidence-series.js';
import { explainSeries, signalsOf } from './explain-series.js';
import { FactJoin } from './fact-join.js';
import { createJudge } from '../../evidence/create-judge.js';
import type { Judge } from '../../evidence/judge.js';
import type { EvidenceReport } from './report.js';
import { measuresDispersion, refusesIid } from './dispersion.js';
import { promiseStatus } from './promise-status.js';
import { warnList } from './warn-list.js';

/** Key of the row that holds the guard-rail's own progress in a checkpoint; keys of calls that wait for facts begin with {@link WAITING}. */
const PROGRESS = '';
const WAITING = '~';

/** All series of a guard-rail with a test: counts calls into buckets, and judges at their closes only. */
export class EvidenceGuardrail implements JudgedGuardrail<EvidenceSeries> {
  readonly compiled: CompiledEvidence;
  readonly fixed: boolean;
  /** Evidence at which it acts, nats. */
  readonly threshold: number;
  readonly judge: Judge;
  readonly #host: SeriesHost;
  readonly #series = new Map<string, EvidenceSeries>();
  readonly #forgotten = new Set<string>();
  readonly #facts: FactJoin;
  readonly #seen = createObservation();
  readonly #values: string[] = [];
  readonly #parameters: MachineParameters;
  readonly #bucket: number;
  readonly #settle: number;
  readonly #dispersion: boolean;
  #closedRows: BucketTotals[] = [];
  /** Number of the first bucket that has not closed. */
  #next: number;
  #progressed = false;

  constructor(compiled: CompiledEvidence, host: SeriesHost, now: number) {
    const { spec } = compiled.guardrail;
    this.compiled = compiled;
    this.fixed = compiled.over.groupBy.every((field) => PLAN_FIELDS.has(field));
    this.threshold = evidenceThreshold(compiled.evidence, compiled.over.every);
    this.judge = createJudge(compiled.evidence);
    this.#host = host;
    this.#facts = new FactJoin(compiled.needs);
    this.#bucket = compiled.over.bucket;
    this.#settle = compiled.over.settle;
    this.#dispersion = measuresDispersion(compiled.evidence);
    this.#next = this.#firstOpen(now);
    const withholds = spec.mode === 'enforce' && spec.action.type !== 'annotate';
    const probed = spec.probe.share > 0 || spec.probe.perSecond > 0;
    const fixedLevel = compiled.evidence.promise.alpha !== null;
    this.#parameters = {
      for: 0,
      cooldown: spec.cooldown,
      onNoData: 'keep',
      // A test of fixed level is one test: what it rejected stays rejected until a person says otherwise.
      recovery: fixedLevel ? 'operator' : !withholds ? 'calls' : probed ? 'probes' : 'operator',
    };
  }

  get size(): number {
    return this.#series.size;
  }

  /** It reads calls by itself. */
  get readers(): CallReader[] {
    return [];
  }

  closedBefore(now: number): number {
    return this.#firstOpen(now) * this.#bucket;
  }

  seriesOf(call: ModelCall, now: number): EvidenceSeries | undefined {
    const values = this.compiled.seriesValues(call);
    const key = JSON.stringify(values);
    return this.#series.get(key) ?? this.#create(key, values, now);
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
    this.#progressed = true;
    const series = this.seriesOf(call, now);
    if (series !== undefined) this.#add(series, call, now, now, fact.traceId);
    return true;
  }

  /** Lets time pass: closes the buckets that are over, oldest first, all series of one bucket before the next. */
  advance(now: number): void {
    const first = this.#firstOpen(now);
    if (first <= this.#next) return;
    const due = new Set<number>();
    for (const series of this.#series.values())
      for (const bucket of series.open.keys()) if (bucket < first) due.add(bucket);
    for (const bucket of [...due].sort((a, b) => a - b)) this.#close(bucket);
    this.#next = first;
    this.#progressed = this.#series.size > 0;
  }

  judgeTouched(): void {
    // Evidence acts at closes only.
  }

  rewind(now: number): void {
    this.#next = this.#firstOpen(now);
    this.#progressed = true;
    for (const series of this.#series.values()) {
      series.open.clear();
      series.restart(now, 'clock_went_back', this.judge.initial());
      series.firstSeen = Math.min(series.firstSeen, now);
    }
  }

  release(values: { [field: string]: string }, now: number, by: string): boolean {
    const fields = this.compiled.over.groupBy;
    for (const series of this.#series.values()) {
      if (series.machine.state === 'ok' || fields.some((field, i) => values[field] !== series.values[i])) continue;
      this.#end(series, 'operator', `Released by ${by}.`, now);
      return true;
    }
    return false;
  }

  close(now: number): void {
    for (const series of this.#series.values()) {
      const { state } = series.machine;
      if (state === 'firing' || state === 'probing')
        this.#end(series, 'document_changed', 'The guard-rail was changed or removed.', now);
      series.dead = true;
    }
  }

  views(): SeriesView[] {
    const all = [...this.#series.values()];
    const warned = warnList(
      all.map(({ evidence }) => evidence),
      this.threshold,
    );
    return all.map((series, index) => ({
      guardrail: this.compiled.name,
      revision: this.compiled.revision,
      series: this.#named(series),
      state: series.machine.state,
      since: series.machine.since,
      verdictId: series.verdictId,
      signals: signalsOf(series, this.judge),
      degraded: degraded(series),
      evidence: {
        value: series.evidence,
        threshold: this.threshold,
        warned: warned[index]!,
        promise: promiseStatus(series, this.compiled, this.#facts),
      },
    }));
  }

  /** Everything that a person needs to judge a verdict that holds; undefined when no series has it. */
  explain(verdictId: string): EvidenceReport | undefined {
    for (const series of this.#series.values()) if (series.verdictId === verdictId) return this.#report(series);
    return undefined;
  }

  /** Reports of all series, in order of their keys. */
  reports(): EvidenceReport[] {
    return [...this.#series.values()].sort((a, b) => (a.key < b.key ? -1 : 1)).map((series) => this.#report(series));
  }

  take(buckets: BucketTotals[], states: SeriesCheckpoint[]): void {
    const { revision } = this.compiled;
    for (const row of this.#closedRows) buckets.push(row);
    this.#closedRows = [];
    for (const series of this.#series.values()) {
      for (const [bucket, open] of series.open) {
        if (!open.dirty) continue;
        open.dirty = false;
        this.#store(series, bucket, open, buckets);
      }
      if (series.changed) {
        series.changed = false;
        states.push({ revision, series: series.key, state: series.toState() });
      }
    }
    for (const series of this.#forgotten) states.push({ revision, series, state: '{}' });
    this.#forgotten.clear();
    this.#facts.take((key, state) => states.push({ revision, series: WAITING + key, state }));
    if (!this.#progressed) return;
    this.#progressed = false;
    const { joined, lost } = this.#facts;
    states.push({ revision, series: PROGRESS, state: JSON.stringify({ next: this.#next, joined, lost }) });
  }

  restore(states: readonly SeriesCheckpoint[], buckets: readonly BucketTotals[]): void {
    for (const { series: key, state } of states) {
      if (key === PROGRESS) {
        const { next, joined, lost } = JSON.parse(state) as { next: number; joined: number; lost: number };
        this.#next = next;
        Object.assign(this.#facts, { joined, lost });
      } else if (key.startsWith(WAITING)) this.#facts.restore(key.slice(WAITING.length), state);
      else if (this.#find(key)?.fromState(state) === false) this.#series.delete(key);
    }
    for (const row of buckets) {
      const bucket = Math.round(row.bucket / this.#bucket);
      if (bucket < this.#next) continue;
      const cells = decodeCells(row.totals);
      if (cells === undefined) {
        this.#host.onError(new Error(`damaged totals of ${this.compiled.name} ${row.series} at ${row.bucket}`));
        continue;
      }
      const series = this.#find(row.series);
      if (series === undefined || (bucket + 1) * this.#bucket <= series.restartAt) continue;
      const open = series.bucket(bucket);
      open[row.arm].merge(cells);
      open.dirty = false;
    }
  }

  #firstOpen(now: number): number {
    return Math.floor((now - this.#settle) / this.#bucket + 1e-9);
  }

  #add(series: EvidenceSeries, call: ModelCall, start: number, now: number, traceId: string): void {
    const bucket = Math.floor(start / this.#bucket + 1e-9);
    series.total++;
    series.changed = true;
    if (bucket < Math.max(this.#next, this.#firstOpen(now))) {
      this.#host.counts.late++;
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
    const closing = [...this.#series.values()].filter((series) => series.open.has(bucket));
    for (const series of closing) {
      const { model, probe } = series.open.get(bucket)!;
      const onProbes = this.#onProbes(series);
      if (!onProbes) this.#feed(series, bucket, model, at);
      const { state } = series.machine;
      if (state === 'firing' || state === 'probing') series.probes.merge((onProbes ? probe : model).toRows());
      this.#evaluate(series, closedAt);
    }
    for (const series of closing) {
      const open = series.open.get(bucket);
      if (open === undefined) continue;
      if (open.dirty) this.#store(series, bucket, open, this.#closedRows);
      series.open.delete(bucket);
    }
  }

  #feed(series: EvidenceSeries, bucket: number, model: CellCounts, at: number): void {
    const own = series.held ?? new CellCounts();
    own.merge(model.toRows());
    const cells = own.toRows();
    if (cells.rows.length === 0) return;
    if (!this.judge.whole(cells)) {
      series.held = own;
      series.changed = true;
      return;
    }
    series.held = undefined;
    const arm = this.#armOf(series)?.open.get(bucket)?.model.toRows() ?? NO_CELLS;
    const before = series.evidence;
    series.judge = this.judge.step(series.judge, cells, arm);
    const evidence = this.judge.evidence(series.judge);
    series.record(cells, arm, at, evidence, this.judge.gain(before, evidence), this.#dispersion);
    if (series.crossedAt < 0 && evidence >= this.threshold) {
      series.crossedAt = at + this.#bucket;
      series.crossedCalls = series.calls;
    }
  }

  #evaluate(series: EvidenceSeries, now: number): void {
    const { state } = series.machine;
    const holds = state === 'firing' || state === 'probing';
    const breach = !holds && series.evidence >= this.threshold && !this.#refused(series);
    if (!breach && state === 'ok') return;
    const input = { breach, recovered: holds && this.#recovered(series), noData: false };
    const outcome = step(series.machine, input, now, this.#parameters);
    if (outcome.machine === series.machine) return;
    this.#move(series, outcome.machine, outcome.code, this.#message(series), now);
  }

  /** True when the evidence takes calls for independent that are not: it is shown, and not acted on. */
  #refused(series: EvidenceSeries): boolean {
    return this.#dispersion && refusesIid(series.checks.dispersion);
  }

  /** True when the calls since the action began exclude what it began for, by a confidence sequence. */
  #recovered(series: EvidenceSeries): boolean {
    if (series.probes.calls < this.compiled.guardrail.spec.probe.minSamples) return false;
    const effect = this.judge.effect(series.probes.toRows(), series.arm.toRows());
    if (effect === undefined || Number.isNaN(series.recoverAt)) return false;
    return effect.above ? effect.upper < series.recoverAt : effect.lower > series.recoverAt;
  }

  #move(
    series: EvidenceSeries,
    machine: EvidenceSeries['machine'],
    code: TransitionCode | '',
    message: string,
    now: number,
  ): void {
    const from = series.machine.state;
    series.machine = machine;
    series.changed = true;
    if (code === '') return;
    const to = machine.state;
    const fires = to === 'firing' && from !== 'probing';
    if (fires) series.verdictId = this.#host.newId();
    const { verdictId, examples } = series;
    const report = this.#report(series);
    const signals = signalsOf(series, this.judge);
    if (fires) {
      const effect = this.judge.effect(series.since.toRows(), series.arm.toRows());
      series.recoverAt = effect === undefined ? NaN : (effect.value + effect.limit) / 2;
      series.probes = new CellCounts();
      // Our own action changes who is counted.
      if (this.#parameters.recovery !== 'calls' && this.compiled.evidence.promise.alpha === null)
        series.restart(now, 'activation', this.judge.initial());
    } else if (to === 'ok' && from !== 'pending')
      series.restart(now, code === 'operator' ? 'operator' : 'release', this.judge.initial());
    if (to === 'ok') series.verdictId = '';
    this.#host.emit({
      verdictId,
      at: now,
      guardrail: this.compiled.name,
      revision: this.compiled.revision,
      series: this.#named(series),
      from,
      to,
      code,
      message,
      trace: [
        {
          expression: `evidence >= ${round(this.threshold)}`,
          value: round(report.evidence.value),
          evaluated: true,
        },
      ],
      signals,
      exampleTraceIds: [...examples],
      evidence: report,
    });
  }

  #end(series: EvidenceSeries, code: 'operator' | 'document_changed', message: string, now: number): void {
    this.#move(series, release(series.machine, code, now, this.#parameters).machine, code, message, now);
  }

  #message(series: EvidenceSeries): string {
    const { spec, metadata } = this.compiled.guardrail;
    const signals = signalsOf(series, this.judge);
    if (spec.message === '')
      return `guard-rail ${metadata.name}: evidence ${round(series.evidence)} of ${round(this.threshold)} nats`;
    return spec.message.replace(/\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, key: string) =>
      Object.hasOwn(signals, key) ? String(round(signals[key]!.value)) : whole,
    );
  }

  #report(series: EvidenceSeries): EvidenceReport {
    return explainSeries(series, this.compiled, this.judge, {
      threshold: this.threshold,
      series: this.#named(series),
      promise: promiseStatus(series, this.compiled, this.#facts),
      bucket: this.#bucket,
    });
  }

  #onProbes(series: EvidenceSeries): boolean {
    const { state } = series.machine;
    return (state === 'firing' || state === 'probing') && this.#parameters.recovery === 'probes';
  }

  /** The series that is counted beside this one, for tests against a concurrent arm. */
  #armOf(series: EvidenceSeries): EvidenceSeries | undefined {
    const { test } = this.compiled.evidence;
    const against = 'against' in test ? test.against : null;
    if (against === null) return undefined;
    const at = this.compiled.over.groupBy.indexOf(against.field);
    const beside = [...this.#series.values()].filter(
      (other) => other !== series && other.values.every((value, i) => i === at || value === series.values[i]),
    );
    if (against.value !== 'previous') return beside.find(({ values }) => values[at] === against.value);
    const earlier = beside.filter((other) => precedes(other, series));
    return earlier.sort((a, b) => (precedes(a, b) ? 1 : -1))[0];
  }

  #create(key: string, values: readonly string[], now: number): EvidenceSeries | undefined {
    if (this.#series.size >= Math.min(this.compiled.evidence.maxSeries, this.#host.maxSeries)) {
      this.#host.counts.dropped++;
      return undefined;
    }
    const series = new EvidenceSeries(values, now);
    series.judge = this.judge.initial();
    this.#series.set(key, series);
    this.#progressed = true;
    this.#forgotten.delete(key);
    return series;
  }

  #find(key: string): EvidenceSeries | undefined {
    return this.#series.get(key) ?? this.#create(key, JSON.parse(key) as string[], this.#next * this.#bucket);
  }

  #store(
    series: EvidenceSeries,
    bucket: number,
    open: Record<'model' | 'probe', CellCounts>,
    into: BucketTotals[],
  ): void {
    for (const arm of ['model', 'probe'] as const) {
      const cells: CellRows = open[arm].toRows();
      if (cells.rows.length === 0) continue;
      const { revision } = this.compiled;
      into.push({ revision, series: series.key, bucket: bucket * this.#bucket, arm, totals: encodeCells(cells) });
    }
  }

  #named(series: EvidenceSeries): { [field: string]: string } {
    return Object.fromEntries(this.compiled.over.groupBy.map((field, i) => [field, series.values[i]!]));
  }
}

function precedes(a: EvidenceSeries, b: EvidenceSeries): boolean {
  return a.firstSeen < b.firstSeen || (a.firstSeen === b.firstSeen && a.key < b.key);
}

/** More than 1 % of the calls came after their bucket had closed. */
function degraded({ late, total }: EvidenceSeries): boolean {
  return late > 0.01 * total;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
