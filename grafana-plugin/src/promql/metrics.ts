import { METRIC, prometheusName } from '@guardspan/policy/runtime';

/** A metric about model calls, and what it says in the language of guard-rails. */
export interface KnownMetric {
  /** A histogram of a number of each call, a counter that sums a number of each call, or a counter of calls. */
  kind: 'histogram' | 'sum' | 'calls';
  /** The field of a call; empty for counters of calls, and where a label chooses it. */
  field: string;
  /** A label that chooses the field by its value. */
  fieldLabel?: { label: string; fields: { [value: string]: string } };
}

/** Keys of `match` that labels stand for, and the fields of `groupBy`. */
export interface KnownLabel {
  match: 'models' | 'services' | 'versions' | 'environments' | 'operations';
  group: 'model' | 'service' | 'model_version' | 'environment' | 'operation';
}

const TOKENS = { input: 'usage.inputTokens', output: 'usage.outputTokens' };
const histogram = (name: string): string => prometheusName(name, 'histogram', 's');
const counter = (name: string): string => prometheusName(name, 'counter', '').replace(/_total$/, '');

/** Metrics by their Prometheus name without `_total`, `_bucket`, `_sum` and `_count`: those of the evaluator, and the GenAI conventions'. */
export const METRICS: { [name: string]: KnownMetric } = {
  [histogram(METRIC.MODEL_DURATION)]: { kind: 'histogram', field: 'duration' },
  [histogram(METRIC.MODEL_TIME_TO_FIRST)]: { kind: 'histogram', field: 'timeToFirst' },
  [counter(METRIC.MODEL_TOKENS)]: { kind: 'sum', field: '', fieldLabel: { label: 'type', fields: TOKENS } },
  [counter(METRIC.MODEL_COST)]: { kind: 'sum', field: 'usage.cost' },
  [counter(METRIC.MODEL_CALLS)]: { kind: 'calls', field: '' },
  gen_ai_client_operation_duration_seconds: { kind: 'histogram', field: 'duration' },
  gen_ai_client_operation_duration: { kind: 'histogram', field: 'duration' },
  gen_ai_client_operation_time_to_first_chunk_seconds: { kind: 'histogram', field: 'timeToFirst' },
  gen_ai_client_token_usage: {
    ...{ kind: 'histogram', field: '' },
    fieldLabel: { label: 'gen_ai_token_type', fields: TOKENS },
  },
};

/** Labels of those metrics, and of the scrape that tells services apart. */
export const LABELS: { [label: string]: KnownLabel } = {
  model: { match: 'models', group: 'model' },
  gen_ai_request_model: { match: 'models', group: 'model' },
  gen_ai_response_model: { match: 'models', group: 'model' },
  model_version: { match: 'versions', group: 'model_version' },
  service: { match: 'services', group: 'service' },
  service_name: { match: 'services', group: 'service' },
  environment: { match: 'environments', group: 'environment' },
  deployment_environment: { match: 'environments', group: 'environment' },
  deployment_environment_name: { match: 'environments', group: 'environment' },
  gen_ai_operation_name: { match: 'operations', group: 'operation' },
};

/** Labels that say how a call ended, and the condition that each of their values stands for; undefined for what no signal counts. */
export const OUTCOMES: { [label: string]: (value: string) => string | undefined } = {
  outcome: (value) => (value === 'failed' ? "error.type != ''" : value === 'answered' ? "error.type == ''" : undefined),
  error_type: (value) => `error.type == ${JSON.stringify(value).replace(/^"|"$/g, "'")}`,
};
