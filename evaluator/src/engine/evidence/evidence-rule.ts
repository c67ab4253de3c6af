import { evidenceThreshold, MEAN_UNITS } from '@guardspan/policy';
import type { CompiledEvidence, Evidence } from '@guardspan/policy';
import { CellCounts, type CellRows } from '../../count/cells/cell-counts.js';
import { advise } from '../../evidence/advisory.js';
import { createJudge } from '../../evidence/create-judge.js';
import { SECURED_FACTOR, securedJudge } from '../../evidence/secured-judge.js';
import type { Judge } from '../../evidence/judge.js';
import { acts } from '../series-book.js';
import type { SeriesInput } from '../types.js';
import { measuresDispersion, mostDispersion, refusesIid } from './dispersion.js';
import { callsOf } from './evidence-series.js';
import type { EvidenceSeries } from './evidence-series.js';
import { isAdvisory } from './promise-status.js';

/** What must bear out the evidence of mode `iid`: one of the two does. */
export interface Security {
  /** Evidence that holds for clustered calls too, nats, and what it must reach. */
  value: number;
  threshold: number;
  /** Evidence of `iid` that is enough by itself, given how much the counts of buckets vary; Infinity while that is not known. */
  sufficient: number;
}

/** How a guard-rail with a test judges one series: what closed buckets do to its evidence, and when it acts and recovers. */
export class EvidenceRule {
  /** Evidence at which it acts, nats. */
  readonly threshold: number;
  readonly judge: Judge;
  readonly #compiled: CompiledEvidence;
  readonly #dispersion: boolean;

  constructor(compiled: CompiledEvidence) {
    this.#compiled = compiled;
    this.threshold = evidenceThreshold(compiled.evidence, compiled.over.every);
    this.judge = judgeOf(compiled.evidence);
    this.#dispersion = measuresDispersion(compiled.evidence);
  }

  /** Feeds a closed bucket, which began `at` (seconds); `arm` gives the counts of the concurrent arm when they are needed. */
  feed(series: EvidenceSeries, model: CellCounts, arm: () => CellRows, at: number): void {
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
    const beside = arm();
    const before = series.evidence;
    // A breach must not become the reference by which it is judged.
    const calm = before < this.threshold && !acts(series);
    series.judge = this.judge.step(series.judge, cells, beside, { at, calm });
    const evidence = this.judge.evidence(series.judge);
    const allowed = this.judge.reference?.(series.judge).limit ?? 1;
    series.record(cells, beside, at, evidence, this.judge.gain(before, evidence), this.#dispersion, allowed);
    if (this.#compiled.evidence.test.type === 'mean' && callsOf(cells) === 1)
      series.advisory = advise(series.advisory, cells.units / MEAN_UNITS, at);
    if (series.crossedAt < 0 && evidence >= this.threshold) {
      series.crossedAt = at + this.#compiled.over.bucket;
      series.crossedCalls = series.calls;
    }
  }

  /** State of the judge from which the evidence of a series begins anew. */
  renewed({ judge }: EvidenceSeries): unknown {
    return this.judge.renew?.(judge) ?? this.judge.initial();
  }

  /** What the state machine is told of a series. Evidence that takes calls for independent that are not is shown, and not acted on. */
  input(series: EvidenceSeries): SeriesInput {
    const holds = acts(series);
    const refused = this.#dispersion && refusesIid(series.checks.dispersion);
    const advisory = isAdvisory(series, this.#compiled.evidence);
    return {
      breach:
        !holds &&
        series.evidence >= this.threshold &&
        isSecured(series, this.security(series)) &&
        !refused &&
        !advisory,
      recovered: holds && this.#recovered(series),
      noData: false,
    };
  }

  /** Of a judge that takes calls for independent: what must bear its evidence out before it is acted on. */
  security(series: EvidenceSeries): Security | undefined {
    const robust = this.judge.robustly?.(series.judge);
    if (robust === undefined) return undefined;
    const sufficient = this.threshold * mostDispersion(series.checks.dispersion);
    return { value: robust, threshold: this.threshold - Math.log(SECURED_FACTOR), sufficient };
  }

  /** The effect that a recovery must exclude: half way from the one since the change back to the limit. NaN when it is not known. */
  recoverAt(series: EvidenceSeries): number {
    const effect = this.judge.effect(series.since.toRows(), series.arm.toRows(), series.judge);
    return effect === undefined ? NaN : (effect.value + effect.limit) / 2;
  }

  /** True when the calls since the action began exclude what it began for, by a confidence sequence. */
  #recovered(series: EvidenceSeries): boolean {
    if (series.probes.calls < this.#compiled.guardrail.spec.probe.minSamples) return false;
    const effect = this.judge.effect(series.probes.toRows(), series.arm.toRows(), series.judge);
    if (effect === undefined || Number.isNaN(series.recoverAt)) return false;
    return effect.above ? effect.upper < series.recoverAt : effect.lower > series.recoverAt;
  }
}

/** True when evidence that takes calls for independent is borne out by what holds without that, or is enough although the calls may be as alike as they seem. */
export function isSecured({ evidence }: Pick<EvidenceSeries, 'evidence'>, security: Security | undefined): boolean {
  return security === undefined || security.value >= security.threshold || evidence >= security.sufficient;
}

/** Shares in mode `iid` are secured by a robust judge, which sees the same buckets; `rateGap` joins buckets in `robust`, so it is not. */
function judgeOf(evidence: Evidence): Judge {
  const judge = createJudge(evidence);
  const share = evidence.test.type === 'rate' || evidence.test.type === 'latency';
  return evidence.mode === 'iid' && share ? securedJudge(judge, createJudge({ ...evidence, mode: 'robust' })) : judge;
}
