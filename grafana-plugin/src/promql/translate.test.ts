import { checkGuardrail, runTests } from '../documents/check';
import { readValues } from '../documents/edit';
import { draftOf } from './draft';
import type { Problem } from './problem';
import { translate, type Translation } from './translate';

const OURS = 'guardspan_model_call_duration_seconds';
const good = (text: string, threshold?: number): Translation => {
  const result = translate(text, threshold);
  if ('code' in result) {
    throw new Error(`${result.code}: ${result.about}`);
  }
  return result;
};
const leftOf = (text: string) => good(text, 1).left.map(({ code, about }) => `${code} ${about}`);

it.each<[string, string, Partial<Translation>]>([
  [
    'a quantile of a histogram',
    `histogram_quantile(0.95, sum by (le, model) (rate(${OURS}_bucket{service="checkout", model=~"large-.*|small"}[5m]))) > 2`,
    {
      ...{ match: { services: ['checkout'], models: ['large-*', 'small'] }, groupBy: ['model'], window: 300 },
      ...{ name: 'p95', signal: { quantile: 0.95, of: 'duration' }, op: '>', threshold: 2, left: [] },
    },
  ],
  [
    'the same in milliseconds, with the number first',
    `2500 < 1000 * histogram_quantile(0.5, sum by (le) (rate(${OURS}_bucket{outcome!="refused"}[1h30m])))`,
    { ...{ name: 'p50', window: 5400, groupBy: [], op: '>', threshold: 2.5, match: {} } },
  ],
  [
    'a mean',
    `sum(rate(${OURS}_sum{environment="prod"}[10m])) / sum(rate(${OURS}_count{environment="prod"}[10m])) >= bool 1e-1`,
    { signal: { mean: 'duration' }, op: '>=', threshold: 0.1, match: { environments: ['prod'] }, window: 600 },
  ],
  [
    'a share of failed calls in percent',
    '100 * sum by (service, model_version) (rate(guardspan_model_calls_total{outcome="failed"}[5m])) / sum by (service, model_version) (rate(guardspan_model_calls_total[5m])) > 5',
    {
      ...{ signal: { ratio: "error.type != ''" }, threshold: 0.05, groupBy: ['service', 'model_version'] },
      left: [{ code: 'refused', about: 'guardspan_model_calls_total' }],
    },
  ],
  [
    'a share of errors by the GenAI conventions',
    'sum(rate(gen_ai_client_operation_duration_seconds_count{error_type!="", gen_ai_request_model="gpt"}[5m])) / sum(rate(gen_ai_client_operation_duration_seconds_count{gen_ai_request_model="gpt"}[5m])) > 0.05',
    { signal: { ratio: "error.type != ''" }, match: { models: ['gpt'] } },
  ],
  [
    'calls per second that time out',
    'sum(rate(gen_ai_client_operation_duration_seconds_count{error_type="timeout"}[1m])) > 1',
    { name: 'calls', signal: { rate: "error.type == 'timeout'" }, window: 60 },
  ],
  ['calls of a window', 'sum(increase(guardspan_model_calls_total[1h])) < 10', { signal: { count: 'true' }, op: '<' }],
  [
    'tokens per second, which a guard-rail sums over its window',
    'sum(rate(guardspan_model_tokens_total{type="output"}[5m])) > 100',
    { signal: { sum: 'usage.outputTokens' }, threshold: 30_000, left: [{ code: 'per-second', about: '5m' }] },
  ],
  [
    'a quantile of tokens',
    'histogram_quantile(0.99, sum by (le) (rate(gen_ai_client_token_usage_bucket{gen_ai_token_type="input"}[5m]))) > 8000',
    { signal: { quantile: 0.99, of: 'usage.inputTokens' } },
  ],
  [
    'cost',
    'sum(increase(guardspan_model_cost_total{model=~".+"}[1d])) > 50',
    { signal: { sum: 'usage.cost' }, match: {} },
  ],
])('reads %s', (_, text, expected) => {
  expect(good(text)).toMatchObject(expected);
});

it.each([
  'histogram_quantile(0.95, sum by (le, model) (rate(guardspan_model_call_duration_seconds_bucket{model="a"}[5m]))) > 2',
  'sum(rate(guardspan_model_calls_total{outcome="failed"}[5m])) / sum(rate(guardspan_model_calls_total[5m])) > 0.05',
  'sum(rate(guardspan_model_tokens_total{type="output"}[90s])) > 100',
  'sum(increase(guardspan_model_cost_total[1d])) <= 0',
  'sum(rate(gen_ai_client_operation_duration_seconds_count{error_type="time out"}[1m])) > 1',
  'rate(gen_ai_client_operation_duration_seconds_count[1500ms]) > 1',
])('makes a document that the language takes, with tests that pass: %s', (text) => {
  const translation = good(text);
  const draft = draftOf(translation, 'p95 of "large" (ms)', translation.threshold!);
  const { problems, loaded } = checkGuardrail(draft, '');
  expect(problems).toEqual([]);
  expect(runTests(loaded!).map(({ passed }) => passed)).toEqual([true, true]);
  expect(readValues(draft)).toMatchObject({
    metadata: { name: 'p95-of-large-ms', managedBy: 'ui' },
    spec: { mode: 'dryrun', action: { annotate: {} } },
  });
});

it('takes the threshold of the panel where the query compares with nothing, in the units that it shows', () => {
  const text = `histogram_quantile(0.95, sum by (le) (rate(${OURS}_bucket[5m]))) * 1000`;
  expect(good(text).threshold).toBeUndefined();
  expect(good(text, 1500)).toMatchObject({ op: '>', threshold: 1.5 });
  expect(good(`${text} > 10`, 1500).threshold).toBe(0.01);
});

it('says what the guard-rail does not say', () => {
  const rate = (matchers: string) => `sum by (le) (rate(${OURS}_bucket{${matchers}}[$__rate_interval]))`;
  expect(leftOf(`histogram_quantile(0.9, ${rate('region="eu", model!~"a.*"')})`)).toEqual([
    'label region="eu"',
    'matcher model!~"a.*"',
    'window 5m',
  ]);
  expect(leftOf(`histogram_quantile(0.9, sum by (le, pod, model) (rate(${OURS}_bucket[5m])))`)).toEqual(['group pod']);
  expect(leftOf(`histogram_quantile(0.9, rate(${OURS}_bucket[5m]))`)).toEqual([
    'groups service, environment, model, model_version',
  ]);
});

it.each<[Problem['code'], string]>([
  ['syntax', 'sum(rate('],
  ['syntax', ''],
  ['syntax', 'rate({app="x"} |= "error" [5m])'],
  ['metric', 'rate(http_requests_total[5m]) > 1'],
  ['metric', 'up'],
  ['own', 'guardspan_signal_value{guardrail="slow"} > 1'],
  ['shape', 'guardspan_model_calls_total > 5'],
  ['shape', 'max_over_time(guardspan_model_calls_total[5m]) > 5'],
  ['shape', 'sum(rate(guardspan_model_calls_total[5m] offset 1d)) > 5'],
  ['shape', 'sum(rate(guardspan_model_calls_total[5m])) without (pod) > 5'],
  ['shape', `histogram_quantile(0.9, rate(${OURS}_sum[5m])) > 1`],
  ['shape', 'sum(rate(guardspan_model_calls_total[5m])) - sum(rate(guardspan_model_calls_total[1h])) > 5'],
  ['shape', `sum(rate(${OURS}_sum[5m])) / sum(rate(${OURS}_count[10m])) > 5`],
  ['aggregation', 'avg(rate(guardspan_model_calls_total[5m])) > 5'],
  ['aggregation', 'topk(5, rate(guardspan_model_calls_total[5m])) > 5'],
  ['comparison', 'sum(rate(guardspan_model_calls_total[5m])) > sum(rate(guardspan_model_calls_total[5m]))'],
  ['outcome', 'sum(rate(guardspan_model_calls_total{outcome="refused"}[5m])) > 5'],
  ['field', 'sum(rate(guardspan_model_tokens_total[5m])) > 5'],
  ['window', 'sum(rate(guardspan_model_calls_total[60d])) > 5'],
])('refuses as %s, and invents nothing: %s', (code, text) => {
  expect(translate(text, 1)).toMatchObject({ code });
});
