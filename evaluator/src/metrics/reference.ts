import { METRIC, prometheusName } from '@guardspan/policy';
import { APP_METRICS } from './app-metrics.js';
import { DIRECTIVE_METRICS } from './directive-metrics.js';
import { FAST } from './metric-definition.js';
import type { MetricDefinition } from './metric-definition.js';
import { MODEL_METRICS } from './model-metrics.js';

export type { MetricDefinition };

/** Every metric that the evaluator exports. Label values come from configuration or closed enums only. */
export const METRICS = [
  {
    name: METRIC.BUILD_INFO,
    kind: 'gauge',
    unit: '',
    labels: ['version', 'node'],
    meaning: '1; version of the evaluator and of Node.',
    bound: '1',
  },
  {
    name: METRIC.INGEST_SPANS,
    kind: 'counter',
    unit: '{span}',
    labels: ['source'],
    meaning: 'Spans received and mapped to model calls, by convention; `ignored` are no model calls.',
    bound: '6 sources',
  },
  {
    name: METRIC.INGEST_REJECTED,
    kind: 'counter',
    unit: '{span}',
    labels: ['reason'],
    meaning: 'Spans refused: malformed, too large, or of a service that the token may not speak for.',
    bound: 'closed',
  },
  {
    name: METRIC.ACK_SECONDS,
    kind: 'histogram',
    unit: 's',
    labels: [],
    meaning: 'Time from the end of an OTLP request to its answer, durable commit included.',
    bound: '1',
    buckets: FAST,
  },
  { name: METRIC.CALLS, kind: 'counter', unit: '{call}', labels: [], meaning: 'Model calls counted.', bound: '1' },
  {
    name: METRIC.DEDUPLICATED,
    kind: 'counter',
    unit: '{call}',
    labels: [],
    meaning: 'Calls that had been counted before (retries).',
    bound: '1',
  },
  {
    name: METRIC.LATE_CALLS,
    kind: 'counter',
    unit: '{call}',
    labels: [],
    meaning: 'Calls whose bucket had closed.',
    bound: '1',
  },
  {
    name: METRIC.CLOCK_CORRECTED,
    kind: 'counter',
    unit: '{call}',
    labels: [],
    meaning: 'Calls whose start time was corrected by the offset measured on the channel.',
    bound: '1',
  },
  {
    name: METRIC.VERDICTS,
    kind: 'counter',
    unit: '{verdict}',
    labels: ['guardrail', 'mode', 'action'],
    meaning: 'Windowed verdicts opened.',
    bound: 'guard-rails',
  },
  {
    name: METRIC.GUARDRAIL_FIRING,
    kind: 'gauge',
    unit: '',
    labels: ['guardrail'],
    meaning: 'Series of the guard-rail that are firing or probing.',
    bound: 'guard-rails',
  },
  {
    name: METRIC.GUARDRAIL_INFO,
    kind: 'gauge',
    unit: '',
    labels: ['guardrail', 'mode', 'action', 'revision', 'severity', 'owner'],
    meaning: '1 for each guard-rail in force.',
    bound: 'guard-rails',
  },
  {
    name: METRIC.GUARDRAIL_INERT,
    kind: 'gauge',
    unit: '',
    labels: ['guardrail'],
    meaning: '1 when no connected process that matches can carry out the action.',
    bound: 'guard-rails',
  },
  {
    name: METRIC.DOCUMENT_DRIFT,
    kind: 'gauge',
    unit: '',
    labels: ['kind', 'document'],
    meaning: '1 while a document that git owns differs from its repository by a break-glass edit.',
    bound: 'documents',
  },
  {
    name: METRIC.GUARDRAIL_OVERREACTING,
    kind: 'gauge',
    unit: '',
    labels: ['guardrail'],
    meaning: '1 while an inline guard-rail acts on a larger share of calls than its limit allows.',
    bound: 'guard-rails',
  },
  {
    name: METRIC.GUARDRAIL_TOLD,
    kind: 'gauge',
    unit: '',
    labels: ['guardrail'],
    meaning:
      '1 while the evaluator itself tells Alertmanager when the guard-rail is violated, or a storm alert names it: the rule GuardspanGuardrailFiring is silent then.',
    bound: 'guard-rails',
  },
  {
    name: METRIC.ALERTS_FOLDED,
    kind: 'gauge',
    unit: '{guardrail}',
    labels: ['owner', 'severity', 'by'],
    meaning:
      'Violated guard-rails that have no alert of their own because the budget of their owner and severity is used up; `by` says who tells of them: `evaluator` or `rule`.',
    bound: 'owners x severities',
  },
  {
    name: METRIC.NOTIFICATIONS,
    kind: 'counter',
    unit: '{notification}',
    labels: ['receiver', 'outcome'],
    meaning: 'Alerts and webhooks that were `sent`, or whose request `failed` and is tried again. Each begins at 0.',
    bound: 'receivers x 2',
  },
  {
    name: METRIC.NOTIFICATION_DURATION,
    kind: 'histogram',
    unit: 's',
    labels: [],
    meaning: 'Time from the change into firing to the first Alertmanager that took the alert.',
    bound: '1',
    buckets: FAST,
  },
  {
    name: METRIC.NOTIFICATIONS_DEAD,
    kind: 'gauge',
    unit: '{notification}',
    labels: ['receiver'],
    meaning: 'Dead letters: webhooks that were given up, and can be sent again.',
    bound: '1',
  },
  {
    name: METRIC.NOTIFICATIONS_WAITING,
    kind: 'gauge',
    unit: '{notification}',
    labels: ['receiver'],
    meaning: 'What a receiver has to be told and has not taken yet.',
    bound: 'receivers',
  },
  {
    name: METRIC.GUARDRAIL_BASELINE_MOVED,
    kind: 'gauge',
    unit: '1',
    labels: ['guardrail'],
    meaning:
      'Of guard-rails whose baseline moves: the largest part of its budget that the baseline of a series has used, 1 when it is spent and the baseline stands still.',
    bound: 'guard-rails',
  },
  {
    name: METRIC.GUARDRAIL_PROMISE_KEPT,
    kind: 'gauge',
    unit: '',
    labels: ['guardrail'],
    meaning:
      'Of guard-rails with a test: 1 while the condition of the false-alarm promise holds in every series, 0 when it fails in one.',
    bound: 'guard-rails',
  },
  {
    name: METRIC.DISPOSITIONS,
    kind: 'counter',
    unit: '{decision}',
    labels: ['guardrail', 'disposition', 'action'],
    meaning:
      'Verdicts that are no pass, by what came of them, as processes report them; `action` is what the guard-rail asks for, `disposition` what was done. Each begins at 0.',
    bound: 'guard-rails x 10',
  },
  ...MODEL_METRICS,
  {
    name: METRIC.DECIDE_REQUESTS,
    kind: 'counter',
    unit: '{decision}',
    labels: ['at', 'disposition'],
    meaning: 'Decisions by request, for gateways and services without our package.',
    bound: '3 x 10',
  },
  ...DIRECTIVE_METRICS,
  {
    name: METRIC.COVERAGE,
    kind: 'gauge',
    unit: '',
    labels: ['service'],
    meaning: 'Model calls guarded of model calls seen since the evaluator started, 0..1, of the processes that report.',
    bound: 'services of tokens',
  },
  {
    name: METRIC.GUARDED_CALLS,
    kind: 'counter',
    unit: '{call}',
    labels: ['service'],
    meaning: 'Model calls that were guarded, as processes report them and as others ask.',
    bound: 'services of tokens',
  },
  {
    name: METRIC.UNGUARDED_CALLS,
    kind: 'counter',
    unit: '{call}',
    labels: ['service', 'reason'],
    meaning: 'Model calls that were seen and not guarded.',
    bound: 'services x 6 reasons',
  },
  {
    name: METRIC.FEEDBACK,
    kind: 'counter',
    unit: '{judgement}',
    labels: ['guardrail', 'judgement'],
    meaning:
      'Judgements of verdicts by people: `right`, `false_alarm` or `unclear`. Who judges a verdict once more is counted once more.',
    bound: 'guard-rails x 3',
  },
  {
    name: METRIC.FLEET_INSTANCES,
    kind: 'gauge',
    unit: '{instance}',
    labels: ['service', 'state'],
    meaning: 'Processes: `current` or `behind` in their guard-rails, or `nacked`.',
    bound: 'services x 3',
  },
  {
    name: METRIC.CHANNEL_CONNECTIONS,
    kind: 'gauge',
    unit: '{connection}',
    labels: [],
    meaning: 'Open websocket connections.',
    bound: '1',
  },
  {
    name: METRIC.CHANNEL_MESSAGES,
    kind: 'counter',
    unit: '{message}',
    labels: ['type'],
    meaning: 'Messages of processes on the channel, by type.',
    bound: '8 types',
  },
  {
    name: METRIC.KILL_SWITCH_ACTIVE,
    kind: 'gauge',
    unit: '',
    labels: [],
    meaning: 'Kill switches in force.',
    bound: '1',
  },
  {
    name: METRIC.LOOP_LAG,
    kind: 'gauge',
    unit: 's',
    labels: ['quantile'],
    meaning: 'Delay of the event loop over the last interval: 0.5 and 0.99.',
    bound: '2',
  },
  {
    name: METRIC.AUDIT_AGE,
    kind: 'gauge',
    unit: 's',
    labels: [],
    meaning: 'Time since everything that had to go on record was durable: about a second while commits go through.',
    bound: '1',
  },
  {
    name: METRIC.AUDIT_DROPPED,
    kind: 'counter',
    unit: '{record}',
    labels: [],
    meaning: 'Audit records lost because the store took none for so long that no more could wait. Begins at 0.',
    bound: '1',
  },
  {
    name: METRIC.REROUTES,
    kind: 'counter',
    unit: '{call}',
    labels: ['target', 'outcome'],
    meaning:
      'Calls that were sent to another target, by what came of them: `answered` or `failed` (error.type is set). Each begins at 0.',
    bound: 'targets of guard-rails x 2',
  },
  {
    name: METRIC.STORE_COMMIT,
    kind: 'histogram',
    unit: 's',
    labels: [],
    meaning: 'Duration of a group commit.',
    bound: '1',
    buckets: FAST,
  },
  {
    name: METRIC.STORE_DEGRADED,
    kind: 'gauge',
    unit: '',
    labels: [],
    meaning: '1 while commits fail and are retried.',
    bound: '1',
  },
] as const satisfies readonly MetricDefinition[];

/** The Prometheus name of a metric of the table. */
export function exportedName(definition: MetricDefinition): string {
  return prometheusName(definition.name, definition.kind, definition.unit);
}

/** The tables of docs/metrics.md: what the evaluator exports, and what applications do. */
export function printMetricReference(): string {
  return [
    '## Of the evaluator',
    '',
    ...table(METRICS),
    '',
    '## Of applications',
    '',
    'Processes with our package make these with the meter provider of the application, if it has set one. Labels are the attributes; the Prometheus name is that of a Collector or of OTLP ingestion (the Prometheus exporter of OpenTelemetry for JavaScript leaves the unit out).',
    '',
    ...table(APP_METRICS),
  ].join('\n');
}

function table(metrics: readonly MetricDefinition[]): string[] {
  const rows = metrics.map((metric) => {
    const labels = metric.labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${exportedName(metric)}\` | \`${metric.name}\` | ${metric.kind} | ${metric.unit === '' ? '' : `\`${metric.unit}\``} | ${labels} | ${metric.meaning} | ${metric.bound} |`;
  });
  return [
    '| Prometheus | OpenTelemetry | kind | unit | labels | meaning | series at most |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ];
}
