import type { Exemplar, HistogramRow } from './filled-histogram.js';

/** Observations of one series of a histogram; counting one allocates nothing. */
export class BucketCounts {
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  readonly #traces: Exemplar[];
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
    this.#traces = Array.from(this.#counts, () => ({ traceId: '', value: 0, at: 0 }));
  }

  /** Counts a value; NaN and what is negative or infinite is left out. `at` is seconds from epoch. */
  observe(value: number, traceId: string, at: number): void {
    if (!(value >= 0 && value < Infinity)) return;
    let index = 0;
    while (index < this.#bounds.length && value > this.#bounds[index]!) index++;
    this.#counts[index]! += 1;
    this.#sum += value;
    if (traceId === '') return;
    const trace = this.#traces[index]!;
    trace.traceId = traceId;
    trace.value = value;
    trace.at = at;
  }

  /**
   * About the value that this share of the observations is not above: between the bounds of its bucket it is where it would be if they were spread evenly,
   * and no more than the last bound. Null without an observation.
   */
  quantile(share: number): number | null {
    const all = this.#counts.reduce((sum, count) => sum + count, 0);
    if (all === 0) return null;
    let below = 0;
    for (const [index, bound] of this.#bounds.entries()) {
      const count = this.#counts[index]!;
      if (count > 0 && below + count >= share * all) {
        const from = this.#bounds[index - 1] ?? 0;
        return from + ((bound - from) * (share * all - below)) / count;
      }
      below += count;
    }
    return this.#bounds.at(-1)!;
  }

  /** What a scrape shows: the totals as they are at that moment. */
  row(labels: HistogramRow['labels']): HistogramRow {
    return { labels, counts: this.#counts, sum: this.#sum, traces: this.#traces };
  }

  /** The same series before anything happened. */
  empty(labels: HistogramRow['labels']): HistogramRow {
    return { labels, counts: new Float64Array(this.#counts.length), sum: 0, traces: [] };
  }
}
