import { ATTR, METRIC } from '@guardspan/policy';
import type { MetricDefinition } from './metric-definition.js';

const LABELS = [ATTR.MODEL_NAME, ATTR.DISPOSITION, ATTR.ACTION] as const;
const BOUND = 'models x 9 x 8 of a process';

/** Metrics that processes with our package make; the evaluator exports none of these names. */
export const APP_METRICS = [
  {
    name: METRIC.APP_DECISIONS,
    kind: 'counter',
    unit: '{decision}',
    labels: LABELS,
    meaning: 'Decisions about calls, at all points of a call.',
    bound: BOUND,
  },
  {
    name: METRIC.APP_DECISION_DURATION,
    kind: 'histogram',
    unit: 's',
    labels: LABELS,
    meaning: 'Time that a decision took on the calling path.',
    bound: BOUND,
    buckets: [0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.05, 0.25, 1],
  },
] as const satisfies readonly MetricDefinition[];
