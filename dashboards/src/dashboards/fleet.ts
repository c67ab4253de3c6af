import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@guardspan/policy';
import { revisions } from '../annotations.js';
import { createDashboard } from '../create-dashboard.js';
import { toApp, toDashboard } from '../links.js';
import { stat } from '../panels/stat.js';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import { coverage, withInfo } from '../query/guardrails.js';
import { Scope } from '../query/scope.js';

const scope = new Scope('service', 'guardrail');
const NO_PROCESS = 'No process is connected';

/** Which calls nobody guards, and which processes run what. */
export function fleet(): Dashboard {
  return createDashboard({
    name: 'fleet',
    title: 'Guardspan / Fleet and coverage',
    description:
      'Calls that nobody guards and why, processes with old or refused guard-rails, guard-rails that can act nowhere, kill switches, break-glass edits.',
    variables: ['owner', 'guardrail', 'environment', 'service'],
    annotations: [revisions(scope)],
    page: 'fleet',
    rows: [
      { title: 'Coverage', panels: gaps() },
      { title: 'Processes', panels: processes() },
      { title: 'Guard-rails that cannot act', panels: cannotAct() },
      { title: 'Break-glass edits', panels: drift() },
    ],
  });
}

function gaps() {
  return [
    stat({
      ...{ id: 1, title: 'Coverage', unit: 'percentunit', width: 6 },
      about: 'Calls guarded, of calls seen, in the time range.',
      queries: [{ expr: coverage(scope, '', '$__range') }],
      limits: [
        { from: null, color: 'red' },
        { from: 0.95, color: 'yellow' },
        { from: 0.999, color: 'green' },
      ],
      noData: 'No process reports calls',
    }),
    stat({
      ...{ id: 2, title: 'Calls nobody guarded', unit: 'locale', width: 6 },
      about: 'Calls that were seen and not guarded, in the time range.',
      queries: [{ expr: `sum(${scope.increase(METRIC.UNGUARDED_CALLS)})` }],
      limits: [
        { from: null, color: 'green' },
        { from: 1, color: 'orange' },
      ],
      noData: 'No process reports calls',
      links: [toApp('The gaps by name', 'fleet')],
    }),
    stat({
      ...{ id: 3, title: 'Lowest coverage', unit: 'percentunit', width: 6 },
      about: 'The lowest coverage of a service since the evaluator started.',
      queries: [{ expr: `min(min by (service) (${scope.of(METRIC.COVERAGE)}))` }],
      limits: [
        { from: null, color: 'red' },
        { from: 0.95, color: 'yellow' },
        { from: 0.999, color: 'green' },
      ],
      noData: 'No process reports calls',
    }),
    stat({
      ...{ id: 4, title: 'Kill switches', unit: 'locale', width: 6 },
      about: 'Kill switches in force: enforcement that a person stopped.',
      queries: [{ expr: `max(${scope.of(METRIC.KILL_SWITCH_ACTIVE)})` }],
      limits: [
        { from: null, color: 'green' },
        { from: 1, color: 'orange' },
      ],
      noData: 'No evaluator is scraped',
      links: [toApp('Kill switches in the app', 'fleet')],
    }),
    timeSeries({
      ...{ id: 5, title: 'Coverage by service', unit: 'percentunit', width: 12 },
      about: 'Calls guarded, of calls seen.',
      queries: [{ expr: coverage(scope, 'service', '$__rate_interval'), legend: '{{service}}' }],
      limits: [
        { from: null, color: 'red' },
        { from: 0.95, color: 'green' },
      ],
      noData: 'No process reports calls',
    }),
    timeSeries(
      {
        ...{ id: 6, title: 'Calls nobody guarded, and why', unit: 'cps', width: 12 },
        about: 'Calls that were seen and not guarded, by service and reason.',
        queries: [
          {
            expr: `sum by (service, reason) (${scope.rate(METRIC.UNGUARDED_CALLS)})`,
            legend: '{{service}}: {{reason}}',
          },
        ],
        noData: 'No process reports calls',
        links: [toApp('The gaps by name', 'fleet', { service: '${__field.labels.service:percentencode}' })],
      },
      { stacked: true },
    ),
  ];
}

function processes() {
  const instances = (state: string): string => `sum by (service) (${scope.of(METRIC.FLEET_INSTANCES, { state })})`;
  return [
    timeSeries(
      {
        ...{ id: 7, title: 'Processes', unit: 'locale', width: 12 },
        about:
          'Connected processes: with the guard-rails in force (current), with older ones (behind), or with some that they refused (nacked).',
        queries: [
          { expr: `sum by (service, state) (${scope.of(METRIC.FLEET_INSTANCES)})`, legend: '{{service}}: {{state}}' },
        ],
        noData: NO_PROCESS,
      },
      { stacked: true, colors: { ': current': 'green', ': behind': 'orange', ': nacked': 'red' } },
    ),
    timeSeries({
      ...{ id: 8, title: 'Behind or refusing', unit: 'locale', width: 12 },
      about:
        'Processes that do not run the guard-rails in force. A rollout passes through here; what stays is a fault.',
      queries: [
        { expr: instances('behind'), legend: '{{service}}: behind' },
        { expr: instances('nacked'), legend: '{{service}}: nacked' },
      ],
      limits: [
        { from: null, color: 'green' },
        { from: 1, color: 'orange' },
      ],
      noData: NO_PROCESS,
      links: [toApp('The processes by name', 'fleet', { service: '${__field.labels.service:percentencode}' })],
    }),
  ];
}

function cannotAct() {
  return [
    table(
      {
        ...{ id: 9, title: 'Guard-rails and who can carry them out', unit: 'locale', width: 24 },
        about: '1: no connected process that the guard-rail matches can carry out its action.',
        queries: [
          {
            expr: withInfo(
              `max by (guardrail) (${scope.of(METRIC.GUARDRAIL_INERT)})`,
              'mode',
              'action',
              'severity',
              'owner',
            ),
          },
        ],
        noData: 'No guard-rail in force',
        links: [toDashboard('The guard-rail', 'guardrail', { guardrail: '${__data.fields.guardrail:percentencode}' })],
      },
      {
        columns: { guardrail: 'guardrail', mode: 'mode', action: 'action', severity: 'severity', owner: 'owner' },
        value: 'can act nowhere',
      },
    ),
  ];
}

function drift() {
  return [
    table(
      {
        ...{ id: 10, title: 'Documents that differ from their repository', unit: 'locale', width: 24 },
        about: 'Break-glass edits in force: documents that git owns and somebody changed elsewhere, for a while.',
        queries: [{ expr: `max by (kind, document) (${scope.of(METRIC.DOCUMENT_DRIFT)})` }],
        noData: 'Every document is what its repository says',
      },
      { columns: { kind: 'kind', document: 'document' }, value: 'differs' },
    ),
  ];
}
