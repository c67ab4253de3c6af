import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@guardspan/policy';
import { revisions, verdicts } from '../annotations.js';
import { createDashboard } from '../create-dashboard.js';
import { toApp, toDashboard } from '../links.js';
import { stateTimeline } from '../panels/state-timeline.js';
import { stat } from '../panels/stat.js';
import { table } from '../panels/table.js';
import { text } from '../panels/text.js';
import { timeSeries } from '../panels/time-series.js';
import { ACTED, FAIL_CLOSED, FAIL_OPEN, firingSince, orZero } from '../query/guardrails.js';
import { Scope } from '../query/scope.js';

const scope = new Scope('environment', 'service', 'model', 'guardrail');
const SERIES = '{{service}} {{model}} {{model_version}}';
const MODEL = { model: '${__data.fields.model:percentencode}' };

const STOP = `**Stop its enforcement for ten minutes** (verdicts are recorded on):

\`\`\`
curl -X POST -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d '{"scope":{"guardrail":"\${guardrail}","model":"","service":""},"reason":"false alarms","expiresIn":600}' \\
  $EVALUATOR/api/v1/kill
\`\`\`

With the evaluator dead: create the file that \`GUARDSPAN_KILL_FILE\` names on the machine of the process; that stops all enforcement there until it is removed. Silencing an alert releases nothing.`;

/** Everything about one guard-rail that an engineer on call asks. */
export function guardrail(): Dashboard {
  return createDashboard({
    name: 'guardrail',
    title: 'Guardspan / Guard-rail',
    description:
      'One guard-rail: whose calls, since when, what was done to how many, whether it can be trusted, and how to stop it.',
    variables: ['owner', 'oneGuardrail', 'environment', 'service', 'model'],
    annotations: [revisions(scope), verdicts(scope)],
    page: 'guardrails/${guardrail}',
    rows: [
      { title: 'What, whose, since when', panels: now() },
      { title: 'What was done', panels: done() },
      { title: 'Why: what it measures', panels: why() },
      { title: 'Can it be trusted', panels: trust() },
      {
        title: 'How to stop it',
        panels: [text({ id: 24, title: 'How to stop it', content: STOP, width: 24, height: 7 })],
      },
    ],
  });
}

function now() {
  return [
    table(
      {
        ...{ id: 1, title: 'In force', unit: 'locale', width: 24, height: 4 },
        about: 'Mode, action, owner, severity and revision of the guard-rail.',
        queries: [
          { expr: `max by (guardrail, mode, action, severity, owner, revision) (${scope.of(METRIC.GUARDRAIL_INFO)})` },
        ],
        noData: 'This guard-rail is not in force',
        links: [toApp('Its document', 'guardrails/${guardrail}')],
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
    table(
      {
        ...{ id: 2, title: 'Violated now: which model, since when', unit: 'dateTimeFromNow', width: 24, height: 6 },
        about: 'Series that are firing or probing. An inline guard-rail judges single calls; it has none.',
        queries: [{ expr: firingSince(scope) }],
        noData: 'Not violated now, or decided call by call',
        links: [
          toDashboard('The model', 'model', MODEL),
          toApp('Its verdicts', 'verdicts', { guardrail: '${guardrail}' }),
        ],
      },
      {
        columns: {
          model: 'model',
          model_version: 'version',
          service: 'service',
          environment: 'environment',
          action: 'action',
          severity: 'severity',
          owner: 'owner',
        },
        ...{ value: 'since', valueAfter: 'model_version' },
      },
    ),
    stateTimeline(
      {
        ...{ id: 3, title: 'Is it still going on', unit: 'locale', width: 24, height: 5 },
        about: 'Whether series of the guard-rail are firing or probing.',
        queries: [{ expr: `max by (guardrail) (${scope.of(METRIC.GUARDRAIL_FIRING)})`, legend: '{{guardrail}}' }],
        noData: 'This guard-rail is not in force',
      },
      { zero: 'kept', more: 'violated', bad: 'more' },
    ),
  ];
}

function done() {
  const dispositions = (which: string): string => `sum(${scope.increase(METRIC.DISPOSITIONS, { disposition: which })})`;
  return [
    stat({
      ...{ id: 4, title: 'Calls acted on', unit: 'locale', width: 8 },
      about: 'Calls received on which the guard-rail acted, in the time range.',
      queries: [{ expr: orZero(`sum(${scope.increase(METRIC.GUARDRAIL_CALLS, { disposition: ACTED })})`) }],
      noData: 'No guard-rail in force',
    }),
    stat({
      ...{ id: 5, title: 'Would have acted', unit: 'locale', width: 8 },
      about: 'Verdicts that were recorded only, in the time range: mode dryrun or warn, or outside of the rollout.',
      queries: [{ expr: dispositions('would_act') }],
      noData: 'This guard-rail is not in force',
    }),
    stat({
      ...{ id: 6, title: 'Passed undecided', unit: 'locale', width: 8 },
      about: 'Verdicts by which a call passed although the guard-rail could not decide (fail open), in the time range.',
      queries: [{ expr: dispositions(FAIL_OPEN) }],
      limits: [
        { from: null, color: 'green' },
        { from: 1, color: 'red' },
      ],
      noData: 'This guard-rail is not in force',
    }),
    stat({
      ...{ id: 7, title: 'Refused undecided', unit: 'locale', width: 8 },
      about:
        'Verdicts by which a call was refused because the guard-rail could not decide (fail closed), in the time range.',
      queries: [{ expr: dispositions(FAIL_CLOSED) }],
      limits: [
        { from: null, color: 'green' },
        { from: 1, color: 'red' },
      ],
      noData: 'This guard-rail is not in force',
    }),
    stat({
      ...{ id: 8, title: 'Not evaluated', unit: 'locale', width: 8 },
      about:
        'Verdicts about calls that the guard-rail matches and did not run for, in the time range. That is not a pass.',
      queries: [{ expr: dispositions('not_evaluated') }],
      limits: [
        { from: null, color: 'green' },
        { from: 1, color: 'red' },
      ],
      noData: 'This guard-rail is not in force',
    }),
    stat({
      ...{ id: 9, title: 'Directives in force', unit: 'locale', width: 8 },
      about: 'Instructions of the guard-rail that processes hold under a lease.',
      queries: [{ expr: `max(${scope.of(METRIC.DIRECTIVES_ACTIVE)})` }],
      noData: 'This guard-rail is not in force',
    }),
    table(
      {
        ...{ id: 10, title: 'What was done, to how many calls, of which model', unit: 'locale', width: 24, height: 6 },
        about: 'Calls received about which the guard-rail had a verdict that is no pass, in the time range.',
        queries: [
          {
            expr: `sum by (service, environment, model, model_version, action, disposition) (${scope.increase(METRIC.GUARDRAIL_CALLS)}) > 0`,
          },
        ],
        noData: 'No call had a verdict of this guard-rail',
        links: [toDashboard('The model', 'model', MODEL)],
      },
      {
        columns: {
          model: 'model',
          model_version: 'version',
          service: 'service',
          environment: 'environment',
          action: 'done',
          disposition: 'disposition',
        },
        ...{ value: 'calls', valueAfter: 'model_version' },
      },
    ),
    timeSeries(
      {
        ...{ id: 11, title: 'Show me a trace', unit: 'cps', width: 24 },
        about: 'Calls received about which the guard-rail had a verdict, by what was done. Each point is a trace.',
        queries: [
          {
            expr: `sum by (action, disposition) (${scope.rate(METRIC.GUARDRAIL_CALLS)})`,
            legend: '{{action}} ({{disposition}})',
            exemplar: true,
          },
        ],
        noData: 'No call had a verdict of this guard-rail',
      },
      { stacked: true },
    ),
    timeSeries(
      {
        ...{ id: 12, title: 'Asked for, and done', unit: 'cps', width: 12 },
        about: 'Verdicts as processes report them: what the guard-rail asks for, and what was done.',
        queries: [
          {
            expr: `sum by (action, disposition) (${scope.rate(METRIC.DISPOSITIONS)})`,
            legend: 'asked {{action}}, came to {{disposition}}',
          },
        ],
        noData: 'This guard-rail is not in force',
      },
      { stacked: true },
    ),
    timeSeries({
      ...{ id: 13, title: 'Verdicts and directives opened', unit: 'cps', width: 12 },
      about: 'Windowed verdicts, and directives that followed from them.',
      queries: [
        { expr: `sum(${scope.rate(METRIC.VERDICTS)})`, legend: 'verdicts' },
        { expr: `sum(${scope.rate(METRIC.DIRECTIVES)})`, legend: 'directives' },
      ],
      noData: 'This guard-rail is not in force',
    }),
    timeSeries(
      {
        ...{ id: 25, title: 'Refused, and passed all the same', unit: 'cps', width: 12 },
        about:
          'Calls that passed although the guard-rail, in enforce, refused them: the process may not or cannot refuse them, its directive was stale, a person stopped it (killed), it had confirmed the directive and ignored it, or has no package of ours (unguarded).',
        queries: [{ expr: `sum by (reason) (${scope.rate(METRIC.DENIALS_UNENFORCED)})`, legend: '{{reason}}' }],
        noData: 'No guard-rail in force here refuses calls',
      },
      { stacked: true },
    ),
    timeSeries({
      ...{ id: 26, title: 'Directives that a process has not confirmed', unit: 'locale', width: 12 },
      about:
        'Directives that a connected process which they reach has not confirmed to apply, ten seconds after it could.',
      queries: [
        {
          expr: `max by (guardrail) (${scope.of(METRIC.DIRECTIVES_UNCONFIRMED)})`,
          legend: '{{guardrail}}',
        },
      ],
      limits: [
        { from: null, color: 'green' },
        { from: 1, color: 'red' },
      ],
      noData: 'This guard-rail is not in force',
    }),
  ];
}

function why() {
  const max = (name: Parameters<typeof scope.of>[0]): string =>
    `max by (service, model, model_version, signal) (${scope.of(name)})`;
  return [
    timeSeries(
      {
        ...{ id: 14, title: 'Signals, with their intervals', unit: 'none', width: 12, height: 10 },
        about:
          'What the guard-rail measures, of the series in the worst state; dashed lines are the ends of its interval. From ten calls on.',
        queries: [
          { expr: max(METRIC.SIGNAL_VALUE), legend: `{{signal}} ${SERIES}` },
          { expr: max(METRIC.SIGNAL_LOWER), legend: `{{signal}} lower ${SERIES}` },
          { expr: max(METRIC.SIGNAL_UPPER), legend: `{{signal}} upper ${SERIES}` },
        ],
        noData: 'No window with ten calls, or decided call by call',
      },
      { interval: { lower: 1, upper: 2 } },
    ),
    timeSeries(
      {
        ...{ id: 15, title: 'Evidence, against its threshold', unit: 'none', width: 12, height: 10 },
        about:
          'Of a guard-rail with a test: evidence that it is broken, in nats. It acts at the red line, which its promise sets.',
        queries: [
          { expr: `max by (service, model, model_version) (${scope.of(METRIC.EVIDENCE)})`, legend: SERIES },
          { expr: `max by (guardrail) (${scope.of(METRIC.EVIDENCE_THRESHOLD)})`, legend: 'acts at' },
        ],
        noData: 'This guard-rail has no test: a threshold without a promise',
      },
      { limit: 1 },
    ),
    timeSeries({
      ...{ id: 16, title: 'Calls behind the signals', unit: 'locale', width: 24 },
      about: 'How many calls each signal is computed from.',
      queries: [{ expr: max(METRIC.SIGNAL_SAMPLES), legend: `{{signal}} ${SERIES}` }],
      noData: 'No window with ten calls, or decided call by call',
    }),
  ];
}

function trust() {
  return [
    stateTimeline(
      {
        ...{ id: 17, title: 'False-alarm promise', unit: 'locale', width: 12, height: 5 },
        about:
          'Whether the condition of its promise holds in every series. A guard-rail with a threshold promises nothing.',
        queries: [{ expr: `min by (guardrail) (${scope.of(METRIC.GUARDRAIL_PROMISE_KEPT)})`, legend: '{{guardrail}}' }],
        noData: 'This guard-rail has no test: no false-alarm promise',
      },
      { zero: 'not guaranteed', more: 'kept', bad: 'zero' },
    ),
    stateTimeline(
      {
        ...{ id: 18, title: 'Can it act', unit: 'locale', width: 12, height: 5 },
        about: 'Whether a connected process that it matches can carry out its action.',
        queries: [{ expr: `max by (guardrail) (${scope.of(METRIC.GUARDRAIL_INERT)})`, legend: '{{guardrail}}' }],
        noData: 'This guard-rail is not in force',
      },
      { zero: 'can act', more: 'inert', bad: 'more' },
    ),
    stateTimeline(
      {
        ...{ id: 19, title: 'Acts within its limit', unit: 'locale', width: 12, height: 5 },
        about: 'Whether an inline guard-rail acts on a larger share of calls than `limits.maxActedShare` allows.',
        queries: [{ expr: `max by (guardrail) (${scope.of(METRIC.GUARDRAIL_OVERREACTING)})`, legend: '{{guardrail}}' }],
        noData: 'A windowed guard-rail: limits.maxScopes bounds it',
      },
      { zero: 'within', more: 'acts too often', bad: 'more' },
    ),
    stateTimeline(
      {
        ...{ id: 20, title: 'Stopped by a kill switch', unit: 'locale', width: 12, height: 5 },
        about: 'Kill switches in force, of whatever scope.',
        queries: [{ expr: `max(${scope.of(METRIC.KILL_SWITCH_ACTIVE)})`, legend: 'kill switches' }],
        noData: 'No evaluator is scraped',
      },
      { zero: 'none', more: 'stopped', bad: 'more' },
    ),
    timeSeries({
      ...{ id: 21, title: 'How far its baseline has moved', unit: 'percentunit', width: 24, height: 6 },
      about:
        'Of a guard-rail whose baseline moves: how much of its budget the baseline has used. At 100 % it stands still, and a person has to look.',
      queries: [{ expr: `max by (guardrail) (${scope.of(METRIC.GUARDRAIL_BASELINE_MOVED)})`, legend: '{{guardrail}}' }],
      limits: [
        { from: null, color: 'green' },
        { from: 1, color: 'red' },
      ],
      noData: 'Its baseline does not move, or it has none',
    }),
  ];
}
