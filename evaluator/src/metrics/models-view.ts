/** What was received of one version of a model in one service, since the evaluator started. */
export interface ModelTotals {
  service: string;
  environment: string;
  model: string;
  version: string;
  kind: string;
  /** Seconds from epoch at which its first and its newest call were received. */
  firstAt: number;
  lastAt: number;
  /** Calls by how they ended; `refused` by a guard-rail. */
  answered: number;
  failed: number;
  refused: number;
  inputTokens: number;
  outputTokens: number;
  cost: number;
  /** Of calls that were not refused, seconds. */
  duration: Quantiles;
  /** Of streamed answers, seconds. */
  timeToFirst: Quantiles;
  /** Calls about which a guard-rail had a verdict that is no pass, by what was done. */
  verdicts: { guardrail: string; action: string; disposition: string; calls: number }[];
}
/** Estimates from counts by bucket; null without an observation. */
export interface Quantiles {
  p50: number | null;
  p95: number | null;
  p99: number | null;
}
/** The models that calls were received of. `ModelAccount` (metrics/model-account.ts) fits. */
export interface ModelsView {
  /** At most 500 of services, and `other` for those beyond. */
  list(): ModelTotals[];
}
