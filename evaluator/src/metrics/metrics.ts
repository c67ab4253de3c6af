import type { METRIC } from '@guardspan/policy';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { OpenMetricsContentType } from 'prom-client';
import { FilledHistogram } from './filled-histogram.js';
import type { HistogramRow } from './filled-histogram.js';
import { METRICS, exportedName } from './reference.js';
import type { MetricDefinition } from './reference.js';

type Labels = Record<string, string>;
type MetricName = (typeof METRICS)[number]['name'];
/** Histograms whose totals are kept by {@link ModelAccount}. */
type FilledName = typeof METRIC.MODEL_DURATION | typeof METRIC.MODEL_TIME_TO_FIRST;

/** The evaluator's metrics, made from the table; addressed by OpenTelemetry name. */
export class Metrics {
  readonly #registry = new Registry<OpenMetricsContentType>();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();
  readonly #filled = new Map<string, FilledHistogram>();

  constructor() {
    this.#registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    for (const metric of METRICS as readonly MetricDefinition[]) {
      const base = {
        help: metric.meaning,
        labelNames: [...metric.labels],
        registers: [this.#registry],
      };
      // The OpenMetrics writer appends `_total` by itself.
      const name = exportedName(metric);
      if (metric.kind === 'counter')
        this.#counters.set(
          metric.name,
          new Counter({ ...base, name: name.replace(/_total$/, ''), enableExemplars: true }),
        );
      else if (metric.kind === 'gauge') this.#gauges.set(metric.name, new Gauge({ ...base, name }));
      else if (metric.labels.length > 0) {
        const filled = new FilledHistogram({ name, help: metric.meaning, bounds: metric.buckets ?? [] });
        this.#registry.registerMetric(filled.asMetric());
        this.#filled.set(metric.name, filled);
      } else
        this.#histograms.set(
          metric.name,
          new Histogram({ ...base, name, buckets: [...(metric.buckets ?? [])], enableExemplars: true }),
        );
    }
  }

  /** Adds to a counter; 0 makes the series appear. `traceId` becomes the exemplar. */
  add(name: MetricName, labels: Labels, value: number, traceId = ''): void {
    const counter = this.#counters.get(name)!;
    // With exemplars on, the library takes objects only.
    counter.inc({ labels, value, ...(traceId === '' ? {} : { exemplarLabels: { trace_id: traceId } }) });
  }

  /** Sets a gauge. */
  set(name: MetricName, labels: Labels, value: number): void {
    this.#gauges.get(name)!.set(labels, value);
  }

  /** Forgets all series of a gauge, before it is filled anew. */
  clear(name: MetricName): void {
    this.#gauges.get(name)!.reset();
  }

  /** Forgets one series of a gauge. */
  remove(name: MetricName, labels: Labels): void {
    this.#gauges.get(name)!.remove(labels);
  }

  /** Replaces the series of a histogram with labels by totals that are kept elsewhere. */
  fill(name: FilledName, rows: readonly HistogramRow[]): void {
    this.#filled.get(name)!.fill(rows);
  }

  /** Adds an observation to a histogram without labels. */
  observe(name: Exclude<MetricName, FilledName>, value: number, traceId = ''): void {
    const histogram = this.#histograms.get(name)!;
    histogram.observe({ labels: {}, value, ...(traceId === '' ? {} : { exemplarLabels: { trace_id: traceId } }) });
  }

  /** OpenMetrics text and its content type. */
  async scrape(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
