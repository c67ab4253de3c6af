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

  /** Fills them anew from the series of these guard-rails. */
  show(views: readonly SeriesView[], guardrails: readonly RevisedGuardrail[]): void {
    for (const name of GAUGES) this.#metrics.clear(name);
    this.#remember(views);
    const onlyModel = new Map(
      guardrails.map(({ guardrail }) => [guardrail.metadata.name, theOnly(guardrail.spec.match.models)]),
    );
    const models = new Map<string, number>();
    for (const { labels, series } of folded(views, onlyModel)) {
      const { guardrail } = labels;
      const shown = models.get(guardrail) ?? 0;
      if (shown >= MAX_MODELS) continue;
      models.set(guardrail, shown + 1);
      this.#firing(labels, series.filter(holds));
      this.#signals(labels, series[0]!);
      this.#evidence(labels, series);
    }
  }

  #remember(views: readonly SeriesView[]): void {
    const before = this.#firedAt;
    this.#firedAt = new Map(
      views.filter(holds).map(({ verdictId, since }) => [verdictId, Math.min(before.get(verdictId) ?? since, since)]),
    );
  }

  #firing(labels: Labels, firing: readonly SeriesView[]): void {
    if (firing.length === 0) return;
    const first = Math.min(...firing.map(({ verdictId }) => this.#firedAt.get(verdictId)!));
    this.#metrics.set(METRIC.SERIES_FIRING, labels, firing.length);
    this.#metrics.set(METRIC.SERIES_FIRING_TIMESTAMP, labels, first);
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

  #evidence(labels: Labels, series: readonly SeriesView[]): void {
    const evidence = series.flatMap((view) => (view.evidence === undefined ? [] : [view.evidence]));
    const highest = evidence.filter(({ value }) => value > -Infinity).sort((a, b) => b.value - a.value)[0];
    if (highest === undefined) return;
    this.#metrics.set(METRIC.EVIDENCE, labels, highest.value);
    this.#metrics.set(METRIC.EVIDENCE_THRESHOLD, labels, highest.threshold);
  }
}

const holds = ({ state }: SeriesView): boolean => state === 'firing' || state === 'probing';

/** Series by labels; both the groups and the series in each, the worst first. */
function folded(
  views: readonly SeriesView[],
  onlyModel: ReadonlyMap<string, string>,
): { labels: Labels; series: SeriesView[] }[] {
  const groups = new Map<string, { labels: Labels; series: SeriesView[] }>();
  for (const view of [...views].sort(worstFirst)) {
    const { service = '', environment = '', model, model_version = '' } = view.series;
    const labels = {
      guardrail: view.guardrail,
      service,
      environment,
      model: model ?? onlyModel.get(view.guardrail) ?? '',
      model_version,
    };
    const key = JSON.stringify(labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labels, series: [view] });
    else group.series.push(view);
  }
  return [...groups.values()];
}

function worstFirst(a: SeriesView, b: SeriesView): number {
  return SEVERITY[b.state] - SEVERITY[a.state] || callsOf(b) - callsOf(a);
}

function callsOf({ signals }: SeriesView): number {
  return Math.max(0, ...Object.values(signals).map(({ samples }: SignalReading) => samples));
}

/** The name in a list of globs when there is one and it stands for itself. */
function theOnly(globs: readonly string[]): string {
  return globs.length === 1 && !/[*?]/.test(globs[0]!) ? globs[0]! : '';
}
