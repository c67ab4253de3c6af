import { METRIC } from '@guardspan/policy';
import type { MetricDefinition } from './metric-definition.js';

/** Where a call was made, and by which model: labels of everything that is counted by model. */
const MODEL = ['service', 'environment', 'model', 'model_version'] as const;
const MODELS = 'at most 500 models of services; more are counted as model `other`';
const SERIES = 'guard-rails x 100 models; those that fire first';

/** From a tree in the process to a long answer of a language model. */
export const CALL_TIMES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

/** Metrics by model: what was called, what guard-rails did with it, and what they measure. */
export const MODEL_METRICS = [
  {
    name: METRIC.MODEL_INFO,
    kind: 'gauge',
    unit: '',
    labels: [...MODEL, 'kind'],
    meaning: '1 for each model that calls were received of; `kind` as in `model.kind`, unknown ones are `other`.',
    bound: MODELS,
  },
  {
    name: METRIC.MODEL_CALLS,
    kind: 'counter',
    unit: '{call}',
    labels: [...MODEL, 'outcome'],
    meaning:
      'Calls received, by the model that answered: `answered`, `failed` (error.type is set), `refused` (deny, throttle or shutdown). A span that is sent twice counts twice.',
    bound: `${MODELS}; x 3`,
  },
  {
    name: METRIC.MODEL_DURATION,
    kind: 'histogram',
    unit: 's',
    labels: [...MODEL],
    meaning: 'Duration of calls that were not refused.',
    bound: `${MODELS}; x 18`,
    buckets: CALL_TIMES,
  },
  {
    name: METRIC.MODEL_TIME_TO_FIRST,
    kind: 'histogram',
    unit: 's',
    labels: [...MODEL],
    meaning: 'Time to the first piece of a streamed answer.',
    bound: `${MODELS}; x 18`,
    buckets: CALL_TIMES,
  },
  {
    name: METRIC.MODEL_TOKENS,
    kind: 'counter',
    unit: '{token}',
    labels: [...MODEL, 'type'],
    meaning: 'Tokens that providers reported, `input` and `output`.',
    bound: `${MODELS}; x 2`,
  },
  {
    name: METRIC.MODEL_COST,
    kind: 'counter',
    unit: '',
    labels: [...MODEL],
    meaning: 'Cost that applications reported, in their currency.',
    bound: MODELS,
  },
  {
    name: METRIC.GUARDRAIL_CALLS,
    kind: 'counter',
    unit: '{call}',
    labels: ['guardrail', ...MODEL, 'action', 'disposition'],
    meaning:
      'Calls received about which the guard-rail had a verdict that is no pass; `action` and `disposition` are what was done with the call.',
    bound: `${MODELS}; x 64`,
  },
  {
    name: METRIC.SERIES_FIRING,
    kind: 'gauge',
    unit: '{series}',
    labels: ['guardrail', ...MODEL],
    meaning:
      'Series that are firing or probing, by what the guard-rail groups by. `model` is the only model that the guard-rail matches when it does not group by it.',
    bound: SERIES,
  },
  {
    name: METRIC.SERIES_FIRING_TIMESTAMP,
    kind: 'gauge',
    unit: 's',
    labels: ['guardrail', ...MODEL],
    meaning:
      'Since when the verdict of the first of them holds, seconds from epoch; after a restart, since when its state does.',
    bound: SERIES,
  },
  {
    name: METRIC.SIGNAL_VALUE,
    kind: 'gauge',
    unit: '',
    labels: ['guardrail', 'signal', ...MODEL],
    meaning:
      'Signal of a windowed guard-rail, or `effect` of one with a test, in its own unit, from 10 calls on. Of several series with equal labels the one in the worst state, then the one with most calls.',
    bound: `${SERIES}; x signals`,
  },
  {
    name: METRIC.SIGNAL_LOWER,
    kind: 'gauge',
    unit: '',
    labels: ['guardrail', 'signal', ...MODEL],
    meaning: 'Lower end of its interval, where it has one.',
    bound: `${SERIES}; x signals`,
  },
  {
    name: METRIC.SIGNAL_UPPER,
    kind: 'gauge',
    unit: '',
    labels: ['guardrail', 'signal', ...MODEL],
    meaning: 'Upper end of its interval, where it has one.',
    bound: `${SERIES}; x signals`,
  },
  {
    name: METRIC.SIGNAL_SAMPLES,
    kind: 'gauge',
    unit: '{call}',
    labels: ['guardrail', 'signal', ...MODEL],
    meaning: 'Calls behind it.',
    bound: `${SERIES}; x signals`,
  },
  {
    name: METRIC.EVIDENCE,
    kind: 'gauge',
    unit: '',
    labels: ['guardrail', ...MODEL],
    meaning: 'Of guard-rails with a test: log-evidence that it is broken, in nats. Of several series the highest.',
    bound: SERIES,
  },
  {
    name: METRIC.EVIDENCE_THRESHOLD,
    kind: 'gauge',
    unit: '',
    labels: ['guardrail', ...MODEL],
    meaning: 'Evidence at which it acts, in nats: set by the promise.',
    bound: SERIES,
  },
] as const satisfies readonly MetricDefinition[];
