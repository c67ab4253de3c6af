import { readFileSync } from 'node:fs';
import { ATTR, GEN_AI, OPENINFERENCE, OPENLLMETRY, RESOURCE } from '@guardspan/policy';
import type { RecordedCall } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { CALL_KEYS, slot } from '../../src/ingest/map/keys.js';
import { createDecodedSpan } from '../../src/ingest/wire/decoded-span.js';
import { mapForeign, readRequest } from './read-request.js';

const golden = (name: string): string =>
  readFileSync(new URL(`../../../test/golden/mappers/${name}`, import.meta.url), 'utf8');

interface Expected {
  call: Record<string, unknown>;
  duration: { atLeast: number; atMost: number };
  records: Record<string, { sampled: boolean }>;
}
const expected = JSON.parse(golden('expected.json')) as Expected;

/** The fields that the golden call names, NaN as null. Framework, times and decision are what only some conventions know. */
function compared({ call }: RecordedCall): unknown {
  const { name, version, kind, provider } = call.model;
  const { service, environment, tenant, operation, streamed, error, usage, features, toolCalls, group, truth, attrs } =
    call;
  const model = { name, version, kind, provider };
  return JSON.parse(
    JSON.stringify({
      ...{ model, service, environment, tenant, operation, streamed, error, usage },
      ...{ features, toolCalls, group, truth, attrs },
    }),
  );
}

type Attributes = Record<string, string | number | boolean | object>;

function anyValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: attributes(value as Attributes) } };
}
function attributes(map: Attributes): object[] {
  return Object.entries(map).map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** The one record that a span of these attributes gives. */
function map(span: Attributes, more: { resource?: Attributes; status?: number } = {}) {
  const records = readRequest(
    JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: attributes(more.resource ?? { [RESOURCE.SERVICE_NAME]: 'shop' }) },
          scopeSpans: [
            {
              spans: [
                {
                  traceId: '5b8efff798038103d269b633813fc60c',
                  spanId: 'EEE19B7EC3C1B174',
                  startTimeUnixNano: '1767225600250000000',
                  endTimeUnixNano: '1767225601000000000',
                  attributes: attributes(span),
                  status: { code: more.status ?? 0 },
                },
              ],
            },
          ],
        },
      ],
    }),
  );
  expect(records).toHaveLength(1);
  return records[0] ?? null;
}

const FEED = { resource: { [RESOURCE.FEED]: '1', [RESOURCE.SERVICE_NAME]: 'shop' } };

describe('the same chat call', () => {
  for (const [source, { sampled }] of Object.entries(expected.records)) {
    it(`reads the same as a span of ${source}`, () => {
      const records = readRequest(golden(`${source}.otlp.json`));
      expect(records).toHaveLength(1);
      const record = records[0]!;
      expect(compared(record)).toEqual(expected.call);
      expect(record.source).toBe(source);
      expect(record.sampled).toBe(sampled);
      expect(record.call.duration).toBeGreaterThanOrEqual(expected.duration.atLeast);
      expect(record.call.duration).toBeLessThanOrEqual(expected.duration.atMost);
      expect(record.call.startedAt).toBeGreaterThan(1_700_000_000);
      expect(record.id.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(record.id.spanId).toMatch(/^[0-9a-f]{16}$/);
    });
  }
});

describe('older and rarer forms', () => {
  it('reads OpenLLMetry from before it took up the GenAI conventions', () => {
    const record = map({
      [GEN_AI.SYSTEM_OLD]: 'OpenAI',
      [OPENLLMETRY.REQUEST_TYPE]: 'completion',
      [OPENLLMETRY.IS_STREAMING]: true,
      [GEN_AI.REQUEST_MODEL]: 'babbage',
      [GEN_AI.USAGE_PROMPT_TOKENS_OLD]: 8,
      [GEN_AI.USAGE_COMPLETION_TOKENS_OLD]: 2,
      [OPENLLMETRY.USAGE_TOTAL_TOKENS]: 10,
    })!;
    expect(record.source).toBe('openllmetry');
    expect(record.call).toMatchObject({
      model: { name: 'babbage', kind: 'llm', provider: 'openai' },
      operation: 'text_completion',
      streamed: true,
      usage: { inputTokens: 8, outputTokens: 2, totalTokens: 10 },
    });
  });

  it('tells OpenLLMetry by its scope when a failed call has no usage', () => {
    const span = createDecodedSpan(CALL_KEYS.size);
    span.values[slot(GEN_AI.OPERATION_NAME)] = 'chat';
    span.values[slot(GEN_AI.REQUEST_MODEL)] = 'm';
    span.values[slot(GEN_AI.ERROR_TYPE)] = '500';
    expect(mapForeign(span)).toMatchObject({ source: 'otel', call: { error: { type: '500' } } });
    span.scope = '@traceloop/instrumentation-openai';
    expect(mapForeign(span)).toMatchObject({ source: 'openllmetry', call: { error: { type: '500' } } });
  });

  it('gives a failure without a type the word of the conventions', () => {
    const span = { [GEN_AI.OPERATION_NAME]: 'chat', [GEN_AI.REQUEST_MODEL]: 'm' };
    expect(map(span, { status: 2 })!.call.error.type).toBe('_OTHER');
    expect(map(span, { status: 1 })!.call.error.type).toBe('');
  });

  it('reads embeddings of each convention', () => {
    const otel = map({
      [GEN_AI.OPERATION_NAME]: 'embeddings',
      [GEN_AI.REQUEST_MODEL]: 'embed-3',
      [GEN_AI.USAGE_INPUT_TOKENS]: 5,
    })!;
    const openllmetry = map({
      [OPENLLMETRY.REQUEST_TYPE]: 'embedding',
      [GEN_AI.REQUEST_MODEL]: 'embed-3',
      [GEN_AI.USAGE_PROMPT_TOKENS_OLD]: 5,
    })!;
    const openinference = map({
      [OPENINFERENCE.SPAN_KIND]: 'EMBEDDING',
      [OPENINFERENCE.EMBEDDING_MODEL_NAME]: 'embed-3',
      [OPENINFERENCE.TOKENS_PROMPT]: 5,
    })!;
    for (const { call } of [otel, openllmetry, openinference]) {
      expect(call).toMatchObject({ operation: 'embeddings', model: { name: 'embed-3', kind: 'embedding' } });
      expect(call.usage.inputTokens).toBe(5);
      expect(call.usage.outputTokens).toBeNaN();
    }
  });

  it('takes a streamed call of OpenInference from its parameters, and the model that answered when none was named', () => {
    const { call } = map({
      [OPENINFERENCE.SPAN_KIND]: 'LLM',
      [OPENINFERENCE.MODEL_NAME]: 'answered',
      [OPENINFERENCE.INVOCATION_PARAMETERS]: '{"stream":true}',
      [OPENINFERENCE.SYSTEM]: 'openai',
      [OPENINFERENCE.PROVIDER]: 'azure',
    })!;
    expect(call).toMatchObject({ streamed: true, model: { name: 'answered', provider: 'azure' } });
  });

  it('keeps microseconds of start and duration', () => {
    const { call } = map({ [GEN_AI.OPERATION_NAME]: 'chat', [GEN_AI.REQUEST_MODEL]: 'm' })!;
    expect(call.startedAt).toBeCloseTo(1767225600.25, 6);
    expect(call.duration).toBeCloseTo(0.75, 6);
  });
});

describe('spans that are not counted', () => {
  it.each([
    ['a database span', { 'db.system': 'postgresql' }],
    ['an agent', { [GEN_AI.OPERATION_NAME]: 'invoke_agent', [GEN_AI.REQUEST_MODEL]: 'm' }],
    ['a tool', { [GEN_AI.OPERATION_NAME]: 'execute_tool', [GEN_AI.REQUEST_MODEL]: 'm' }],
    [
      'an operation that is a word of every object',
      { [GEN_AI.OPERATION_NAME]: 'constructor', [GEN_AI.REQUEST_MODEL]: 'm' },
    ],
    ['a chain', { [OPENINFERENCE.SPAN_KIND]: 'CHAIN', [OPENINFERENCE.MODEL_NAME]: 'm' }],
    ['a call without a model', { [GEN_AI.OPERATION_NAME]: 'chat' }],
    [
      "the user's own span of a call that the feed reports",
      { [GEN_AI.OPERATION_NAME]: 'chat', [GEN_AI.REQUEST_MODEL]: 'm', [ATTR.MODEL_NAME]: 'm' },
    ],
  ])('%s', (_, span) => {
    expect(map(span)).toBeNull();
  });

  it('a feed record that names no model', () => {
    expect(map({ [ATTR.OPERATION]: 'chat' }, FEED)).toBeNull();
  });
});

describe('a record of the feed', () => {
  const features = { income: 40000, region: 'north', flags: ['a', 'b'] };

  it('reads structured attributes as maps and as JSON alike', () => {
    const tools = [{ name: 'search', arguments: { query: 'q' } }];
    const structured = map(
      { [ATTR.MODEL_NAME]: 'm', [ATTR.INPUT_FEATURES]: features, [ATTR.TOOL_CALLS]: tools },
      FEED,
    )!;
    const json = map(
      {
        [ATTR.MODEL_NAME]: 'm',
        [ATTR.INPUT_FEATURES]: JSON.stringify(features),
        [ATTR.TOOL_CALLS]: JSON.stringify(tools),
      },
      FEED,
    )!;
    for (const { call } of [structured, json]) {
      expect({ ...call.features }).toEqual(features);
      expect(call.toolCalls.map(({ name, arguments: given }) => ({ name, arguments: { ...given } }))).toEqual(tools);
    }
  });

  it('reads arguments that are no map as none', () => {
    const { call } = map(
      {
        [ATTR.MODEL_NAME]: 'm',
        [ATTR.TOOL_CALLS]: '[{"name":"a","arguments":"plain"},{"name":"b","arguments":[1]},7]',
      },
      FEED,
    )!;
    expect(call.toolCalls).toEqual([
      { name: 'a', arguments: {} },
      { name: 'b', arguments: {} },
      { name: '', arguments: {} },
    ]);
  });

  it('lets no key set a prototype', () => {
    const { call } = map(
      {
        [ATTR.MODEL_NAME]: 'm',
        [`${ATTR.ATTRS_PREFIX}__proto__`]: { polluted: true },
        [`${ATTR.TRUTH_PREFIX}__proto__`]: { polluted: true },
        [`${ATTR.GROUP_PREFIX}__proto__`]: 'x',
        [ATTR.INPUT_FEATURES]: '{"__proto__":{"polluted":true},"deep":{"__proto__":{"polluted":true}}}',
      },
      FEED,
    )!;
    for (const object of [call.attrs, call.truth, call.group, call.features, call.features['deep'] as object]) {
      expect((object as Record<string, unknown>)['polluted']).toBeUndefined();
      expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
      expect(Object.keys(object)).not.toContain('__proto__');
    }
    expect(Object.assign({}, call.features)).not.toHaveProperty('polluted');
  });

  it('leaves out JSON that is too long, too deep or broken', () => {
    const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    const read = (json: string): object =>
      map({ [ATTR.MODEL_NAME]: 'm', [ATTR.INPUT_FEATURES]: json }, FEED)!.call.features;
    expect(Object.keys(read(deep(32)))).toEqual(['a']);
    expect(read(deep(33))).toEqual({});
    expect(read('['.repeat(200_000))).toEqual({});
    expect(read(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toEqual({});
    expect(read(JSON.stringify({ a: 'x'.repeat(256 * 1024 - 8) }))).toHaveProperty('a');
    expect(read(JSON.stringify({ a: 'x'.repeat(256 * 1024) }))).toEqual({});
    expect(read('{"a":')).toEqual({});
    expect(read('7')).toEqual({});
  });

  it('names groups, truths and attributes of the application without their prefix', () => {
    const { call, source, sampled } = map(
      {
        [ATTR.MODEL_NAME]: 'credit-risk',
        [`${ATTR.GROUP_PREFIX}sex`]: 'f',
        [`${ATTR.GROUP_PREFIX}band`]: 3,
        [`${ATTR.TRUTH_PREFIX}repaid`]: true,
        [`${ATTR.ATTRS_PREFIX}route`]: '/apply',
      },
      FEED,
    )!;
    expect(call.group).toEqual({ sex: 'f', band: '3' });
    expect(call.truth).toEqual({ repaid: true });
    expect(call.attrs).toEqual({ route: '/apply' });
    expect({ source, sampled }).toEqual({ source: 'feed', sampled: false });
  });

  it('of a call that has not ended is marked so, and no other is', () => {
    expect(map({ [ATTR.MODEL_NAME]: 'm', [ATTR.CALL_OPEN]: true }, FEED)!.open).toBe(true);
    expect(map({ [ATTR.MODEL_NAME]: 'm' }, FEED)).not.toHaveProperty('open');
  });
});
