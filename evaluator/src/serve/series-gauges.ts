import { METRIC } from '@guardspan/policy';
import type { RevisedGuardrail } from '@guardspan/policy';
import type { SeriesState, SeriesView, SignalReading } from '../engine/types.js';
import type { Metrics } from '../metrics/metrics.js';

/** Models of one guard-rail that are shown, those in the worst state first. */
const MAX_MODELS = 100;
/** A reading of fewer calls is not shown: it may be that of a small group of people. */
const MIN_CALLS = 10;
const SEVERITY: Readonly<Record<SeriesState, number>> = { ok: 0, pending: 1, probing: 2, firing: 3 };

const GAUGES = [
  METRIC.SERIES_FIRING,
  METRIC.SERIES_FIRING_TIMESTAMP,
  METRIC.SIGNAL_VALUE,
  METRIC.SIGNAL_LOWER,
  METRIC.SIGNAL_UPPER,
  METRIC.SIGNAL_SAMPLES,
  METRIC.EVIDENCE,
  METRIC.EVIDENCE_THRESHOLD,
] as const;

interface Labels {
  guardrail: string;
  service: string;
  environment: string;
  model: string;
  model_version: string;
  [label: string]: string;
}

/** Series of equal labels. */
interface Fold {
  labels: Labels;
  /** The one in the worst state, of these the one with most calls. */
  worst: SeriesView;
  /** Of the worst. */
  calls: number;
  /** Series that fire, and the first moment of those. */
  firing: number;
  since: number;
  /** Of the series with the highest. */
  evidence: { value: number; threshold: number } | undefined;
}

/**
 * Gauges of series. Their labels are identities of models only, so what a guard-rail groups by beside (a tenant, a feature) is folded: of
 * several series the one in the worst state is read, then the one with most calls.
 */
export class SeriesGauges {
  readonly #metrics: Metrics;
  /** When a verdict was first seen to hold; a change between firing and probing is the same verdict. */
  #firedAt = new Map<string, number>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** Begins to fill them anew from the series of these guard-rails. */
  begin(guardrails: readonly RevisedGuardrail[]): SeriesFolds {
    return new SeriesFolds(guardrails, this.#firedAt);
  }

  /** Fills them in steps, a step for each model. */
  *show(folds: SeriesFolds): Generator<void> {
    for (const name of GAUGES) this.#metrics.clear(name);
    this.#firedAt = folds.firedAt;
    for (const fold of folds.shown()) {
      const { labels, worst, firing, since, evidence } = fold;
      if (firing > 0) {
        this.#metrics.set(METRIC.SERIES_FIRING, labels, firing);
        this.#metrics.set(METRIC.SERIES_FIRING_TIMESTAMP, labels, since);
      }
      this.#signals(labels, worst);
      if (evidence !== undefined) {
        this.#metrics.set(METRIC.EVIDENCE, labels, evidence.value);
        this.#metrics.set(METRIC.EVIDENCE_THRESHOLD, labels, evidence.threshold);
      }
      yield;
    }
  }

  #signals(labels: Labels, { signals, evidence }: SeriesView): void {
    for (const [signal, { value, lower, upper, samples }] of Object.entries(signals)) {
      if (samples < MIN_CALLS || Number.isNaN(value) || (evidence !== undefined && signal === 'evidence')) continue;
      const named = { ...labels, signal };
      this.#metrics.set(METRIC.SIGNAL_VALUE, named, value);
      this.#metrics.set(METRIC.SIGNAL_SAMPLES, named, samples);
      if (!Number.isNaN(lower)) this.#metrics.set(METRIC.SIGNAL_LOWER, named, lower);
      if (!Number.isNaN(upper)) this.#metrics.set(METRIC.SIGNAL_UPPER, named, upper);
    }
  }
}

/** Series by guard-rail and labels, taken one by one. */
export class SeriesFolds {
  /** As {@link SeriesGauges} remembers it, of the series that were taken. */
  readonly firedAt = new Map<string, number>();
  readonly #before: ReadonlyMap<string, number>;
  readonly #onlyModel: ReadonlyMap<string, string>;
  readonly #folds = new Map<string, Map<string, Fold>>();

  constructor(guardrails: readonly RevisedGuardrail[], firedBefore: ReadonlyMap<string, number>) {
    this.#before = firedBefore;
    this.#onlyModel = new Map(
      guardrails.map(({ guardrail }) => [guardrail.metadata.name, theOnly(guardrail.spec.match.models)]),
    );
  }

  take(view: SeriesView): void {
    const { fold, isNew } = this.#foldOf(view);
    const calls = isNew ? fold.calls : callsOf(view);
    if (!isNew && (SEVERITY[view.state] - SEVERITY[fold.worst.state] || calls - fold.calls) > 0)
      Object.assign(fold, { worst: view, calls });
    if (holds(view)) {
      const since = Math.min(this.#before.get(view.verdictId) ?? view.since, view.since);
      this.firedAt.set(view.verdictId, since);
      fold.firing++;
      fold.since = Math.min(fold.since, since);
    }
    const { evidence } = view;
    if (evidence !== undefined && evidence.value > (fold.evidence?.value ?? -Infinity)) fold.evidence = evidence;
  }

  /** What is shown of each guard-rail, the worst first. */
  *shown(): Generator<Fold> {
    for (const folds of this.#folds.values()) {
      const sorted = [...folds.values()].sort(
        (a, b) => SEVERITY[b.worst.state] - SEVERITY[a.worst.state] || b.calls - a.calls,
      );
      yield* sorted.slice(0, MAX_MODELS);
    }
  }

  #foldOf(view: SeriesView): { fold: Fold; isNew: boolean } {
    const { guardrail, series } = view;
    const { service = '', environment = '', model = this.#onlyModel.get(guardrail) ?? '', model_version = '' } = series;
    const folds = this.#folds.get(guardrail) ?? new Map<string, Fold>();
    this.#folds.set(guardrail, folds);
    const key = JSON.stringify([service, environment, model, model_version]);
    const known = folds.get(key);
    if (known !== undefined) return { fold: known, isNew: false };
    const labels = { guardrail, service, environment, model, model_version };
    const fold = { labels, worst: view, calls: callsOf(view), firing: 0, since: Infinity, evidence: undefined };
    folds.set(key, fold);
    return { fold, isNew: true };
  }
}

const holds = ({ state }: SeriesView): boolean => state === 'firing' || state === 'probing';

function callsOf({ signals }: SeriesView): number {
  return Math.max(0, ...Object.values(signals).map(({ samples }: SignalReading) => samples));
}

/** The name in a list of globs when there is one and it stands for itself. */
function theOnly(globs: readonly string[]): string {
  return globs.length === 1 && !/[*?]/.test(globs[0]!) ? globs[0]! : '';
}
