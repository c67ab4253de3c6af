import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@guardspan/policy';
import { revisions, verdicts } from '../annotations.js';
import { createDashboard } from '../create-dashboard.js';
import { toApp, toDashboard } from '../links.js';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import { withInfo } from '../query/guardrails.js';
import { Scope } from '../query/scope.js';

const scope = new Scope('environment', 'service', 'model');
const VERSION = ['model', 'model_version'];
const NAMED = '{{model}} {{model_version}}';
const BY_GUARDRAIL = { guardrail: '${__field.labels.guardrail:percentencode}' };
const NO_CALLS = 'No calls in the time range';
const NO_TOKENS = 'No tokens reported: not a language model, or its provider does not say';
const NO_SIGNALS = 'No windowed guard-rail measures this model, or fewer than ten calls';

/** One model or some: calls, latency, tokens and cost, drift and fairness, and what guard-rails did. */
export function model(): Dashboard {
  return createDashboard({
    name: 'model',
    title: 'Guardspan / Model',
    description:
      'Calls, errors and latency of models by version; tokens and cost of language models; drift and fairness with their intervals; what guard-rails did.',
    variables: ['owner', 'environment', 'service', 'model'],
    annotations: [revisions(scope), verdicts(scope)],
    page: 'models',
    rows: [
      { title: 'Calls', panels: calls() },
      { title: 'Latency', panels: latency() },
      { title: 'Language models: tokens and cost', panels: tokens() },
      { title: 'Drift, fairness and other signals of guard-rails', panels: signals() },
      { title: 'Guard-rails', panels: guardrails() },
    ],
  });
}

function calls() {
  const share = (outcome: string): string =>
    `sum by (${VERSION.join(', ')}) (${scope.rate(METRIC.MODEL_CALLS, { outcome })}) / (sum by (${VERSION.join(', ')}) (${scope.rate(METRIC.MODEL_CALLS)}) > 0)`;
  return [
    timeSeries(
      {
        ...{ id: 1, title: 'Calls by version', unit: 'cps', width: 12 },
        about: 'Calls received, by model and version that answered. Points are traces.',
        queries: [
          { expr: `sum by (${VERSION.join(', ')}) (${scope.rate(METRIC.MODEL_CALLS)})`, legend: NAMED, exemplar: true },
        ],
        noData: NO_CALLS,
      },
      { stacked: true },
    ),
    timeSeries({
      ...{ id: 2, title: 'Failed calls', unit: 'percentunit', width: 6 },
      about: 'Share of calls that ended in an error.',
      queries: [{ expr: share('failed'), legend: NAMED }],
      limits: [
        { from: null, color: 'green' },
        { from: 0.05, color: 'red' },
      ],
      noData: NO_CALLS,
    }),
    timeSeries({
      ...{ id: 3, title: 'Refused calls', unit: 'percentunit', width: 6 },
      about: 'Share of calls that a guard-rail denied, throttled, or that a shutdown ended.',
      queries: [{ expr: share('refused'), legend: NAMED }],
      limits: [
        { from: null, color: 'green' },
        { from: 0.2, color: 'red' },
      ],
      noData: NO_CALLS,
    }),
    table(
      {
        ...{ id: 4, title: 'Models', unit: 'locale', width: 24, height: 8 },
        about: 'Calls received in the time range, by where they were made.',
        queries: [
          {
            expr: `sum by (service, environment, model, model_version) (${scope.increase(METRIC.MODEL_CALLS)}) * on (service, environment, model, model_version) group_left (kind) max by (service, environment, model, model_version, kind) (${scope.of(METRIC.MODEL_INFO)})`,
          },
        ],
        noData: NO_CALLS,
        links: [toApp('The model in the app', 'models', { model: '${__data.fields.model:percentencode}' })],
      },
      {
        columns: {
          model: 'model',
          model_version: 'version',
          kind: 'kind',
          service: 'service',
          environment: 'environment',
        },
        value: 'calls',
      },
    ),
  ];
}

function latency() {
  return [
    timeSeries({
      ...{ id: 5, title: 'Duration', unit: 's', width: 12 },
      about: 'Quantiles of the duration of calls that were not refused. Points are traces.',
      queries: [
        { expr: scope.quantile(0.5, METRIC.MODEL_DURATION), legend: 'half', exemplar: true },
        { expr: scope.quantile(0.95, METRIC.MODEL_DURATION), legend: '95 %' },
        { expr: scope.quantile(0.99, METRIC.MODEL_DURATION), legend: '99 %' },
      ],
      noData: NO_CALLS,
    }),
    timeSeries({
      ...{ id: 6, title: 'Duration, 95 %, by version', unit: 's', width: 6 },
      about: 'The 95th percentile of the duration, by model and version: a new version beside the old one.',
      queries: [{ expr: scope.quantile(0.95, METRIC.MODEL_DURATION, VERSION), legend: NAMED }],
      noData: NO_CALLS,
    }),
    timeSeries({
      ...{ id: 7, title: 'Time to first piece, 95 %', unit: 's', width: 6 },
      about: 'The 95th percentile of the time to the first piece of a streamed answer.',
      queries: [{ expr: scope.quantile(0.95, METRIC.MODEL_TIME_TO_FIRST, VERSION), legend: NAMED, exemplar: true }],
      noData: 'No streamed answers in the time range',
    }),
  ];
}

function tokens() {
  const reached = `(sum by (${VERSION.join(', ')}) (${scope.rate(METRIC.MODEL_CALLS, { outcome: 'answered|failed' })}) > 0)`;
  return [
    timeSeries(
      {
        ...{ id: 8, title: 'Tokens', unit: 'cps', width: 8 },
        about: 'Tokens that providers reported, into and out of the model.',
        queries: [{ expr: `sum by (model, type) (${scope.rate(METRIC.MODEL_TOKENS)})`, legend: '{{model}} {{type}}' }],
        noData: NO_TOKENS,
      },
      { stacked: true },
    ),
    timeSeries({
      ...{ id: 9, title: 'Output tokens of a call', unit: 'short', width: 8 },
      about: 'Output tokens for each call that was not refused.',
      queries: [
        {
          expr: `sum by (${VERSION.join(', ')}) (${scope.rate(METRIC.MODEL_TOKENS, { type: 'output' })}) / ${reached}`,
          legend: NAMED,
        },
      ],
      noData: NO_TOKENS,
    }),
    timeSeries({
      ...{ id: 10, title: 'Cost of an hour', unit: 'none', width: 8 },
      about: 'Cost that applications reported, for an hour at this rate, in their currency.',
      queries: [{ expr: `sum by (${VERSION.join(', ')}) (${scope.rate(METRIC.MODEL_COST)}) * 3600`, legend: NAMED }],
      noData: 'No cost reported by the application',
    }),
  ];
}

function signals() {
  const by = 'guardrail, service, model, model_version';
  const of = (name: Parameters<typeof scope.of>[0]): string => `max by (${by}, signal) (${scope.of(name)})`;
  const series = '{{guardrail}} {{signal}}, {{model}} {{model_version}}';
  return [
    timeSeries(
      {
        ...{ id: 11, title: 'Signals and effects, with their intervals', unit: 'none', width: 16, height: 10 },
        about:
          'What windowed guard-rails measure of this model; `effect` is the distance that a test estimates (ratio of rates, drift as PSI, rate, mean). Dashed lines are the ends of the interval.',
        queries: [
          { expr: of(METRIC.SIGNAL_VALUE), legend: series },
          { expr: of(METRIC.SIGNAL_LOWER), legend: `${series} lower` },
          { expr: of(METRIC.SIGNAL_UPPER), legend: `${series} upper` },
        ],
        noData: NO_SIGNALS,
        links: [toDashboard('The guard-rail', 'guardrail', BY_GUARDRAIL)],
      },
      { interval: { lower: 1, upper: 2 } },
    ),
    timeSeries({
      ...{
        id: 12,
        title: 'Evidence, as a share of its threshold',
        unit: 'percentunit',
        width: 8,
        height: 10,
        max: 1.2,
      },
      about:
        'Of guard-rails with a test (drift, fairness, latency, rate): how near they are to acting. At 100 % they act.',
      queries: [
        {
          expr: `max by (${by}) (${scope.of(METRIC.EVIDENCE)}) / max by (${by}) (${scope.of(METRIC.EVIDENCE_THRESHOLD)})`,
          legend: '{{guardrail}}, {{model}} {{model_version}}',
        },
      ],
      limits: [
        { from: null, color: 'green' },
        { from: 1, color: 'red' },
      ],
      noData: 'No guard-rail with a test measures this model',
      links: [toDashboard('The guard-rail', 'guardrail', BY_GUARDRAIL)],
    }),
  ];
}

function guardrails() {
  return [
    timeSeries(
      {
        ...{ id: 13, title: 'Calls with a verdict', unit: 'cps', width: 12 },
        about:
          'Calls received about which a guard-rail had a verdict that is no pass, by what was done. Points are traces.',
        queries: [
          {
            expr: `sum by (guardrail, action, disposition) (${scope.rate(METRIC.GUARDRAIL_CALLS)})`,
            legend: '{{guardrail}}: {{action}} ({{disposition}})',
            exemplar: true,
          },
        ],
        noData: 'No call had a verdict',
        links: [
          toDashboard('The guard-rail', 'guardrail', BY_GUARDRAIL),
          toApp('Its verdicts', 'verdicts', BY_GUARDRAIL),
        ],
      },
      { stacked: true },
    ),
    timeSeries({
      ...{ id: 14, title: 'Series that are violated', unit: 'locale', width: 12 },
      about: 'Series of windowed guard-rails that are firing or probing about this model.',
      queries: [
        {
          expr: withInfo(`sum by (guardrail) (${scope.of(METRIC.SERIES_FIRING)})`, 'action', 'owner'),
          legend: '{{guardrail}} ({{action}}, {{owner}})',
        },
      ],
      noData: 'Nothing is violated',
      links: [
        toDashboard('The guard-rail', 'guardrail', BY_GUARDRAIL),
        toApp('Its verdicts', 'verdicts', BY_GUARDRAIL),
      ],
    }),
  ];
}
