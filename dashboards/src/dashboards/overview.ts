import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@guardspan/policy';
import { revisions, verdicts } from '../annotations.js';
import { createDashboard } from '../create-dashboard.js';
import { toApp, toDashboard } from '../links.js';
import { stateTimeline } from '../panels/state-timeline.js';
import { stat } from '../panels/stat.js';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import { ACTED, countOf, coverage, FAIL_CLOSED, FAIL_OPEN, firingSince, withInfo } from '../query/guardrails.js';
import { Scope } from '../query/scope.js';

const scope = new Scope('environment', 'service', 'model', 'guardrail');
const GUARDRAIL = { guardrail: '${__data.fields.guardrail:percentencode}' };
const BY_GUARDRAIL = { guardrail: '${__field.labels.guardrail:percentencode}' };
const NO_APP_METRICS = 'No application exports metrics of our package';
const RED_ABOVE_0 = [
  { from: null, color: 'green' },
  { from: 1, color: 'red' },
] as const;

/** What is enforced now, what came of it, and what cannot be trusted. */
export function overview(): Dashboard {
  return createDashboard({
    name: 'overview',
    title: 'Guardspan / Overview',
    description:
      'What is violated now, what guard-rails did about it, which calls nobody guarded, and whether the promises hold.',
    variables: ['owner', 'guardrail', 'environment', 'service', 'model'],
    annotations: [revisions(scope), verdicts(scope)],
    page: 'overview',
    rows: [
      { title: 'Now', panels: now() },
      { title: 'What was found, and what was done', panels: done() },
      { title: 'Models', panels: models() },
      { title: 'In force', panels: inForce() },
      { title: 'What guarding costs', panels: costs() },
    ],
  });
}

function now() {
  const dispositions = (which: string): string => `sum(${scope.increase(METRIC.DISPOSITIONS, { disposition: which })})`;
  return [
    stat({
      ...{ id: 1, title: 'Guard-rails violated', unit: 'locale', width: 6, limits: RED_ABOVE_0 },
      about: 'Windowed guard-rails with a series that is firing or probing.',
      queries: [{ expr: countOf(`max by (guardrail) (${scope.of(METRIC.GUARDRAIL_FIRING)}) > 0`) }],
      noData: 'No evaluator is scraped',
    }),
    stat({
      ...{ id: 2, title: 'Coverage', unit: 'percentunit', width: 6 },
      about: 'Calls guarded, of calls seen, in the time range.',
      queries: [{ expr: coverage(scope, '', '$__range') }],
      limits: [
        { from: null, color: 'red' },
        { from: 0.95, color: 'yellow' },
        { from: 0.999, color: 'green' },
      ],
      noData: 'No process reports calls',
      links: [toDashboard('Where the gaps are', 'fleet', {})],
    }),
    stat({
      ...{ id: 3, title: 'Passed undecided', unit: 'locale', width: 6, limits: RED_ABOVE_0 },
      about: 'Verdicts by which a call passed although the guard-rail could not decide (fail open), in the time range.',
      queries: [{ expr: dispositions(FAIL_OPEN) }],
      noData: 'No guard-rail in force',
    }),
    stat({
      ...{ id: 4, title: 'Refused undecided', unit: 'locale', width: 6, limits: RED_ABOVE_0 },
      about:
        'Verdicts by which a call was refused because the guard-rail could not decide (fail closed), in the time range.',
      queries: [{ expr: dispositions(FAIL_CLOSED) }],
      noData: 'No guard-rail in force',
    }),
    stat({
      ...{ id: 5, title: 'Not evaluated', unit: 'locale', width: 6, limits: RED_ABOVE_0 },
      about: 'Verdicts of guard-rails that match a call and did not run, in the time range. That is not a pass.',
      queries: [{ expr: dispositions('not_evaluated') }],
      noData: 'No guard-rail in force',
    }),
    stat({
      ...{ id: 6, title: 'Promises broken', unit: 'locale', width: 6 },
      about:
        'Guard-rails whose false-alarm promise is not guaranteed, because its condition fails in at least one series.',
      queries: [{ expr: countOf(`min by (guardrail) (${scope.of(METRIC.GUARDRAIL_PROMISE_KEPT)}) < 1`) }],
      limits: [
        { from: null, color: 'green' },
        { from: 1, color: 'orange' },
      ],
      noData: 'No evaluator is scraped',
    }),
    stat({
      ...{ id: 7, title: 'Can act nowhere', unit: 'locale', width: 6 },
      about: 'Guard-rails in force that no connected process can carry out.',
      queries: [{ expr: `sum(max by (guardrail) (${scope.of(METRIC.GUARDRAIL_INERT)}))` }],
      limits: [
        { from: null, color: 'green' },
        { from: 1, color: 'orange' },
      ],
      noData: 'No guard-rail in force',
    }),
    stat({
      ...{ id: 8, title: 'Kill switches', unit: 'locale', width: 6 },
      about: 'Kill switches in force: enforcement that a person stopped.',
      queries: [{ expr: `max(${scope.of(METRIC.KILL_SWITCH_ACTIVE)})` }],
      limits: [
        { from: null, color: 'green' },
        { from: 1, color: 'orange' },
      ],
      noData: 'No evaluator is scraped',
      links: [toApp('Kill switches in the app', 'fleet')],
    }),
  ];
}

function done() {
  return [
    table(
      {
        ...{ id: 9, title: 'Violated now, since when', unit: 'dateTimeFromNow', width: 24, height: 7 },
        about:
          'Series that are firing or probing: which model, since when, what the guard-rail does about it, and whose it is.',
        queries: [{ expr: firingSince(scope) }],
        noData: 'Nothing is violated now',
        links: [toDashboard('The guard-rail', 'guardrail', GUARDRAIL), toApp('Its verdicts', 'verdicts', GUARDRAIL)],
      },
      {
        columns: {
          guardrail: 'guardrail',
          model: 'model',
          model_version: 'version',
          service: 'service',
          environment: 'environment',
          mode: 'mode',
          action: 'action',
          severity: 'severity',
          owner: 'owner',
        },
        ...{ value: 'since', valueAfter: 'model_version' },
      },
    ),
    table(
      {
        ...{ id: 10, title: 'Asked for, and done', unit: 'locale', width: 24, height: 13 },
        about:
          'Verdicts that are no pass: what was done with the call (rows) against what the guard-rail asks for (columns), in the time range.',
        queries: [{ expr: `sum by (action, disposition) (${scope.increase(METRIC.DISPOSITIONS)})` }],
        noData: 'No guard-rail in force',
      },
      // Names of actions are short enough to stand as headings, those of dispositions are not.
      { columns: { action: 'action', disposition: 'disposition' }, matrix: { row: 'disposition', column: 'action' } },
    ),
    timeSeries(
      {
        ...{ id: 11, title: 'What came of verdicts', unit: 'cps', width: 12 },
        about:
          'Verdicts that are no pass, by what was done. Passed or refused undecided is never the same as enforced.',
        queries: [{ expr: `sum by (disposition) (${scope.rate(METRIC.DISPOSITIONS)})`, legend: '{{disposition}}' }],
        noData: 'No guard-rail in force',
      },
      { stacked: true },
    ),
    timeSeries({
      ...{ id: 12, title: 'Share of calls acted on', unit: 'percentunit', width: 12 },
      about:
        'Of all calls received, those that a guard-rail acted on. One that acts on a fifth of the calls is likelier to be wrong than they are.',
      queries: [
        {
          expr: `sum by (guardrail) (${scope.rate(METRIC.GUARDRAIL_CALLS, { disposition: ACTED })}) / on () group_left () (sum(${scope.rate(METRIC.MODEL_CALLS)}) > 0)`,
          legend: '{{guardrail}}',
        },
      ],
      limits: [
        { from: null, color: 'green' },
        { from: 0.2, color: 'red' },
      ],
      noData: 'No guard-rail acted',
      links: [
        toDashboard('The guard-rail', 'guardrail', BY_GUARDRAIL),
        toApp('Its verdicts', 'verdicts', BY_GUARDRAIL),
      ],
    }),
    stateTimeline(
      {
        ...{ id: 13, title: 'Violated, over time', unit: 'locale', width: 24, height: 8 },
        about: 'Series of each windowed guard-rail that are firing or probing.',
        queries: [{ expr: `max by (guardrail) (${scope.of(METRIC.GUARDRAIL_FIRING)})`, legend: '{{guardrail}}' }],
        noData: 'No guard-rail in force',
        links: [
          toDashboard('The guard-rail', 'guardrail', BY_GUARDRAIL),
          toApp('Its verdicts', 'verdicts', BY_GUARDRAIL),
        ],
      },
      { zero: 'kept', more: 'violated', bad: 'more' },
    ),
  ];
}

function models() {
  const byModel = { model: '${__field.labels.model:percentencode}' };
  return [
    timeSeries(
      {
        ...{ id: 14, title: 'Calls', unit: 'cps', width: 12 },
        about: 'Calls received, by how they ended. Refused ones did not reach the model.',
        queries: [
          { expr: `sum by (outcome) (${scope.rate(METRIC.MODEL_CALLS)})`, legend: '{{outcome}}', exemplar: true },
        ],
        noData: 'No calls in the time range',
      },
      { stacked: true },
    ),
    timeSeries({
      ...{ id: 15, title: 'Slowest twentieth of the calls', unit: 's', width: 12 },
      about: 'The 95th percentile of the duration of calls, by model. Points are traces.',
      queries: [{ expr: scope.quantile(0.95, METRIC.MODEL_DURATION, ['model']), legend: '{{model}}', exemplar: true }],
      noData: 'No calls in the time range',
      links: [toDashboard('The model', 'model', byModel)],
    }),
  ];
}

function inForce() {
  return [
    table(
      {
        ...{ id: 16, title: 'Guard-rails in force', unit: 'locale', width: 24, height: 9 },
        about:
          'Each guard-rail with its mode, action, owner and revision. Two rows of one name: two evaluators hold two revisions.',
        queries: [
          {
            expr: `max by (guardrail, mode, action, revision, severity, owner) (${scope.of(METRIC.GUARDRAIL_INFO, { owner: '$owner' })})`,
          },
        ],
        noData: 'No guard-rail in force',
        links: [toDashboard('The guard-rail', 'guardrail', GUARDRAIL)],
      },
      {
        columns: {
          guardrail: 'guardrail',
          mode: 'mode',
          action: 'action',
          severity: 'severity',
          owner: 'owner',
          revision: 'revision',
        },
      },
    ),
    timeSeries({
      ...{ id: 17, title: 'Directives in force', unit: 'locale', width: 24, height: 7 },
      about: 'Instructions that processes hold under a lease, by guard-rail and owner.',
      queries: [
        {
          expr: withInfo(`max by (guardrail) (${scope.of(METRIC.DIRECTIVES_ACTIVE)})`, 'action', 'owner'),
          legend: '{{guardrail}} ({{action}}, {{owner}})',
        },
      ],
      noData: 'No guard-rail in force',
    }),
  ];
}

function costs() {
  const quantile = (share: number): string => scope.quantile(share, METRIC.APP_DECISION_DURATION);
  const part = (name: '_bucket' | '_count', bucket: string): string =>
    `sum by (job) (rate(${scope.of(METRIC.APP_DECISION_DURATION, {}, name)}${bucket}[$__rate_interval]))`;
  return [
    timeSeries({
      ...{ id: 18, title: 'Time that decisions take', unit: 's', width: 12 },
      about:
        'Time that deciding adds to a call, checks outside of the process included: half of the decisions, 19 of 20 and 99 of 100 are faster.',
      queries: [
        { expr: quantile(0.5), legend: 'half' },
        { expr: quantile(0.95), legend: '95 %' },
        { expr: quantile(0.99), legend: '99 %' },
      ],
      noData: NO_APP_METRICS,
    }),
    timeSeries({
      ...{ id: 19, title: 'Decisions slower than 50 ms', unit: 'percentunit', width: 12 },
      about:
        'Share of the decisions that took longer than the objective of the alerts about the latency budget; 1 % of a month is the budget.',
      queries: [{ expr: `1 - ${part('_bucket', '{le="0.05"}')} / (${part('_count', '')} > 0)`, legend: '{{job}}' }],
      limits: [
        { from: null, color: 'green' },
        { from: 0.01, color: 'red' },
      ],
      noData: NO_APP_METRICS,
    }),
  ];
}
