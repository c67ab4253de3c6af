import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@guardspan/policy';
import { createDashboard } from '../create-dashboard.js';
import { stat } from '../panels/stat.js';
import { stateTimeline } from '../panels/state-timeline.js';
import { timeSeries } from '../panels/time-series.js';
import { Scope } from '../query/scope.js';

const scope = new Scope();
const NOT_SCRAPED = 'No evaluator is scraped';
const RED_ABOVE_0 = [
  { from: null, color: 'green' },
  { from: 1, color: 'red' },
] as const;

/** The evaluator itself: what it takes in, how fast it answers and pushes, whether it stores. */
export function evaluator(): Dashboard {
  return createDashboard({
    name: 'evaluator',
    title: 'Guardspan / Evaluator',
    description:
      'Telemetry in, answers and commits, the channel out. While it is overloaded or cannot store, verdicts are late or missing.',
    variables: [],
    annotations: [],
    page: 'fleet',
    rows: [
      { title: 'Health', panels: health() },
      { title: 'In', panels: ingest() },
      { title: 'Inside and out', panels: inside() },
      { title: 'Alerts', panels: alerts() },
    ],
  });
}

function health() {
  return [
    stat({
      ...{ id: 1, title: 'Version', unit: 'short', width: 6, names: true },
      about: 'Version of the evaluators that are scraped.',
      queries: [{ expr: `count by (version) (${scope.of(METRIC.BUILD_INFO)})`, legend: '{{version}}' }],
      noData: NOT_SCRAPED,
    }),
    stat({
      ...{ id: 2, title: 'Cannot store', unit: 'locale', width: 6, limits: RED_ABOVE_0 },
      about: 'Evaluators whose commits fail and are retried.',
      queries: [{ expr: `sum(${scope.of(METRIC.STORE_DEGRADED)})` }],
      noData: NOT_SCRAPED,
    }),
    stat({
      ...{ id: 3, title: 'Spans refused', unit: 'locale', width: 6, limits: RED_ABOVE_0 },
      about: 'Spans refused in the time range.',
      queries: [{ expr: `sum(${scope.increase(METRIC.INGEST_REJECTED)})` }],
      noData: NOT_SCRAPED,
    }),
    stat({
      ...{ id: 4, title: 'Calls too late', unit: 'percentunit', width: 6 },
      about: 'Share of calls whose bucket had closed, in the time range. Above 1 % verdicts are marked as degraded.',
      queries: [{ expr: `sum(${scope.increase(METRIC.LATE_CALLS)}) / (sum(${scope.increase(METRIC.CALLS)}) > 0)` }],
      limits: [
        { from: null, color: 'green' },
        { from: 0.01, color: 'orange' },
      ],
      noData: 'No calls in the time range',
    }),
    stateTimeline(
      {
        ...{ id: 5, title: 'Store', unit: 'locale', width: 24, height: 5 },
        about: 'Whether commits succeed.',
        queries: [{ expr: `max by (instance) (${scope.of(METRIC.STORE_DEGRADED)})`, legend: '{{instance}}' }],
        noData: NOT_SCRAPED,
      },
      { zero: 'stores', more: 'fails', bad: 'more' },
    ),
  ];
}

function ingest() {
  return [
    timeSeries(
      {
        ...{ id: 6, title: 'Spans', unit: 'cps', width: 12 },
        about: 'Spans received, by the convention that they follow.',
        queries: [{ expr: `sum by (source) (${scope.rate(METRIC.INGEST_SPANS)})`, legend: '{{source}}' }],
        noData: 'No spans yet',
      },
      { stacked: true },
    ),
    timeSeries({
      ...{ id: 7, title: 'Spans refused', unit: 'cps', width: 12 },
      about: 'Spans refused, by reason.',
      queries: [{ expr: `sum by (reason) (${scope.rate(METRIC.INGEST_REJECTED)})`, legend: '{{reason}}' }],
      noData: NOT_SCRAPED,
    }),
    timeSeries({
      ...{ id: 8, title: 'Calls', unit: 'cps', width: 12 },
      about: 'Calls counted, and those that were repeated, too late, or whose clock was wrong.',
      queries: [
        { expr: `sum(${scope.rate(METRIC.CALLS)})`, legend: 'counted' },
        { expr: `sum(${scope.rate(METRIC.DEDUPLICATED)})`, legend: 'counted before' },
        { expr: `sum(${scope.rate(METRIC.LATE_CALLS)})`, legend: 'too late' },
        { expr: `sum(${scope.rate(METRIC.CLOCK_CORRECTED)})`, legend: 'clock corrected' },
      ],
      noData: NOT_SCRAPED,
    }),
    timeSeries({
      ...{ id: 9, title: 'Answer to telemetry', unit: 's', width: 12 },
      about:
        'Time from the end of an OTLP request to its answer, durable commit included. The objective is 99.9 % in 0.5 s.',
      queries: [
        { expr: scope.quantile(0.5, METRIC.ACK_SECONDS), legend: 'half' },
        { expr: scope.quantile(0.99, METRIC.ACK_SECONDS), legend: '99 %' },
      ],
      limits: [
        { from: null, color: 'green' },
        { from: 0.5, color: 'red' },
      ],
      noData: 'No telemetry in the time range',
    }),
  ];
}

function inside() {
  const lag = (quantile: string): string => `max by (instance) (${scope.of(METRIC.LOOP_LAG, { quantile })})`;
  return [
    timeSeries({
      ...{ id: 10, title: 'From threshold to enforcement', unit: 's', width: 12 },
      about:
        'Time from the receipt of the record that crossed a threshold to the confirmation of a process that it applies the directive.',
      queries: [
        { expr: scope.quantile(0.5, METRIC.PROPAGATION), legend: 'half' },
        { expr: scope.quantile(0.99, METRIC.PROPAGATION), legend: '99 %' },
      ],
      noData: 'No directive in the time range',
    }),
    timeSeries({
      ...{ id: 11, title: 'Commits', unit: 's', width: 12 },
      about: 'Duration of a group commit.',
      queries: [
        { expr: scope.quantile(0.5, METRIC.STORE_COMMIT), legend: 'half' },
        { expr: scope.quantile(0.99, METRIC.STORE_COMMIT), legend: '99 %' },
      ],
      noData: 'No commits in the time range',
    }),
    timeSeries({
      ...{ id: 12, title: 'Delay of the event loop', unit: 's', width: 12 },
      about: 'How long work waits for the processor. Above a tenth of a second the evaluator is overloaded.',
      queries: [
        { expr: lag('0.5'), legend: '{{instance}}: half' },
        { expr: lag('0.99'), legend: '{{instance}}: 99 %' },
      ],
      limits: [
        { from: null, color: 'green' },
        { from: 0.1, color: 'red' },
      ],
      noData: NOT_SCRAPED,
    }),
    timeSeries({
      ...{ id: 13, title: 'Connections', unit: 'locale', width: 6 },
      about: 'Open websocket connections of processes.',
      queries: [{ expr: `sum(${scope.of(METRIC.CHANNEL_CONNECTIONS)})`, legend: 'connections' }],
      noData: 'No process has connected',
    }),
    timeSeries({
      ...{ id: 14, title: 'Messages of processes', unit: 'cps', width: 6 },
      about: 'Messages on the channel, by type.',
      queries: [{ expr: `sum by (type) (${scope.rate(METRIC.CHANNEL_MESSAGES)})`, legend: '{{type}}' }],
      noData: 'No process has connected',
    }),
    timeSeries(
      {
        ...{ id: 15, title: 'Decisions by request', unit: 'cps', width: 24, height: 6 },
        about: 'Decisions for gateways and services without our package, by what came of them.',
        queries: [
          {
            expr: `sum by (at, disposition) (${scope.rate(METRIC.DECIDE_REQUESTS)})`,
            legend: '{{at}}: {{disposition}}',
          },
        ],
        noData: 'Nobody asks for decisions',
      },
      { stacked: true },
    ),
  ];
}

function alerts() {
  const NONE = 'The evaluator is told of no Alertmanager; rules alert';
  return [
    timeSeries({
      ...{ id: 16, title: 'Told to receivers', unit: 'cps', width: 8 },
      about: 'Alerts and webhooks that were sent, or whose request failed and is tried again.',
      queries: [
        {
          expr: `sum by (receiver, outcome) (${scope.rate(METRIC.NOTIFICATIONS)})`,
          legend: '{{receiver}}: {{outcome}}',
        },
      ],
      noData: NONE,
    }),
    timeSeries({
      ...{ id: 17, title: 'Not taken yet', unit: 'locale', width: 8 },
      about: 'What a receiver has to be told and has not taken yet.',
      queries: [{ expr: `max by (receiver) (${scope.of(METRIC.NOTIFICATIONS_WAITING)})`, legend: '{{receiver}}' }],
      noData: NONE,
    }),
    timeSeries({
      ...{ id: 18, title: 'From violation to Alertmanager', unit: 's', width: 8 },
      about: 'Time from the change into firing to the first Alertmanager that took the alert.',
      queries: [
        { expr: scope.quantile(0.5, METRIC.NOTIFICATION_DURATION), legend: 'half' },
        { expr: scope.quantile(0.99, METRIC.NOTIFICATION_DURATION), legend: '99 %' },
      ],
      noData: 'No alert in the time range, or rules alert',
    }),
    stateTimeline(
      {
        ...{ id: 19, title: 'Who alerts', unit: 'locale', width: 12, height: 7 },
        about: 'Whether the evaluator itself tells Alertmanager of a guard-rail, or the rule does.',
        queries: [{ expr: `max by (guardrail) (${scope.of(METRIC.GUARDRAIL_TOLD)})`, legend: '{{guardrail}}' }],
        noData: 'No guard-rail in force',
      },
      { zero: 'the rule', more: 'the evaluator', bad: 'none' },
    ),
    timeSeries({
      ...{ id: 20, title: 'Folded into a storm alert', unit: 'locale', width: 12, height: 7 },
      about:
        'Violated guard-rails without an alert of their own, because the budget of their owner and severity is used up.',
      queries: [
        {
          expr: `max by (owner, severity, by) (${scope.of(METRIC.ALERTS_FOLDED)})`,
          legend: '{{owner}}, {{severity}}, told by {{by}}',
        },
      ],
      noData: 'Nothing is folded',
    }),
  ];
}
