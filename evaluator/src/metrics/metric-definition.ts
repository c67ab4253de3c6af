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

/** Histogram boundaries, in seconds, of what takes milliseconds. */
export const FAST = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] as const;
