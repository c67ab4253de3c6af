import type { Metric } from 'prom-client';

/** Totals of one series of a histogram. */
export interface HistogramRow {
  labels: { readonly [label: string]: string };
  /** Observations by bucket, not accumulated; the last is above every boundary. */
  counts: ArrayLike<number>;
  sum: number;
  /** The trace that was counted last into each bucket; empty for none. */
  traces: readonly Exemplar[];
}

/** The observation that stands for a bucket. */
export interface Exemplar {
  traceId: string;
  value: number;
  /** Seconds from epoch. */
  at: number;
}

interface Sample {
  labels: { [label: string]: string };
  value: number;
  metricName: string;
  exemplar?: { labelSet: { trace_id: string }; value: number; timestamp: number };
}

/**
 * A histogram whose totals are kept elsewhere: the library's own hashes its labels at each observation, which costs more than counting the
 * call does. Has what the library's registry asks of a metric.
 */
export class FilledHistogram {
  readonly type = 'histogram';
  readonly name: string;
  readonly help: string;
  readonly #bounds: readonly number[];
  #rows: readonly HistogramRow[] = [];

  constructor({ name, help, bounds }: { name: string; help: string; bounds: readonly number[] }) {
    this.name = name;
    this.help = help;
    this.#bounds = bounds;
  }

  /** Replaces what the next scrape shows. */
  fill(rows: readonly HistogramRow[]): void {
    this.#rows = rows;
  }

  /** Called by the registry. */
  get(): Promise<{ name: string; help: string; type: string; values: Sample[]; aggregator: string }> {
    const { name, help, type } = this;
    return Promise.resolve({
      name,
      help,
      type,
      values: this.#rows.flatMap((row) => this.#samples(row)),
      aggregator: 'sum',
    });
  }

  /** As the registry takes it; its type there is a class with private parts. */
  asMetric(): Metric {
    return this as unknown as Metric;
  }

  #samples({ labels, counts, sum, traces }: HistogramRow): Sample[] {
    let total = 0;
    const samples = [...this.#bounds.map(String), '+Inf'].map((le, index): Sample => {
      total += counts[index]!;
      const sample = { labels: { ...labels, le }, value: total, metricName: `${this.name}_bucket` };
      const trace = traces[index];
      if (trace === undefined || trace.traceId === '') return sample;
      const { traceId, value, at } = trace;
      return { ...sample, exemplar: { labelSet: { trace_id: traceId }, value, timestamp: at } };
    });
    samples.push({ labels: { ...labels }, value: sum, metricName: `${this.name}_sum` });
    samples.push({ labels: { ...labels }, value: total, metricName: `${this.name}_count` });
    return samples;
  }
}
