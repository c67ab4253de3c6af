/** One metric of the evaluator: what docs/metrics.md prints and a live scrape is checked against. */
export interface MetricDefinition {
  /** OpenTelemetry name. */
  name: string;
  kind: 'counter' | 'gauge' | 'histogram';
  /** OpenTelemetry unit; empty for none. */
  unit: string;
  labels: readonly string[];
  meaning: string;
  /** What bounds the number of series. */
  bound: string;
  /** Histogram boundaries in the unit. */
  buckets?: readonly number[];
}
