import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FEED_SCOPE, feedResource } from '../../src/feed/feed-record.js';
import type { FeedAttributes, FeedRecord, FeedValue } from '../../src/feed/feed-record.js';
import { RequestEncoder } from '../../src/feed/otlp-json.js';

type Exported = Parameters<OTLPTraceExporter['export']>[0];
interface Request {
  resourceSpans: { resource: object; scopeSpans: { scope: object; spans: Record<string, unknown>[] }[] }[];
}

const resource = feedResource(
  { service: 'shop "7"', serviceVersion: '1', environment: 'prod', host: 'h', pid: 1 },
  'i-1',
  'f'.repeat(32),
);
const encoder = new RequestEncoder(resource, FEED_SCOPE);
function encode(records: readonly FeedRecord[]): string {
  for (const one of records) encoder.add(one);
  return encoder.take().toString();
}
const record = (changes: Partial<FeedRecord> = {}): FeedRecord => ({
  ...{ name: 'chat m', kind: 2, traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), parentSpanId: '' },
  ...{ startedAt: 1767225600.25, duration: 0.5, failed: false },
  ...{ identity: { attributes: { 'guardspan.model.name': 'm' } }, attributes: {} },
  ...changes,
});

/** What OpenTelemetry's exporter sends of the same records. */
async function exported(records: readonly FeedRecord[]): Promise<Request> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const exporter = new OTLPTraceExporter({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
  });
  const origin = { attributes: resource, getRawAttributes: () => Object.entries(resource), merge: () => origin };
  const hrTime = (seconds: number): [number, number] => [Math.floor(seconds), Math.round((seconds % 1) * 1e9)];
  const spans = records.map((one) => ({
    ...{
      name: one.name,
      kind: one.kind,
      startTime: hrTime(one.startedAt),
      endTime: hrTime(one.startedAt + one.duration),
    },
    spanContext: () => ({ traceId: one.traceId, spanId: one.spanId, traceFlags: 0 }),
    parentSpanContext:
      one.parentSpanId === '' ? undefined : { traceId: one.traceId, spanId: one.parentSpanId, traceFlags: 0 },
    status: { code: one.failed ? 2 : 0 },
    attributes: { ...one.identity.attributes, ...one.attributes },
    ...{ links: [], events: [], ended: true, duration: [0, 0], resource: origin, instrumentationScope: FEED_SCOPE },
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  }));
  await new Promise((done) => exporter.export(spans as unknown as Exported, done));
  await exporter.shutdown();
  server.close();
  return JSON.parse(bodies[0]!) as Request;
}

/** Without what says nothing: counts of nothing dropped, empty lists, a status that is not set, flags of a sampler that has no say here. */
function plain({ resourceSpans }: Request): unknown {
  return resourceSpans.map(({ resource: from, scopeSpans }) => ({
    attributes: (from as { attributes: unknown }).attributes,
    scopes: scopeSpans.map(({ scope, spans }) => ({
      scope,
      spans: spans.map(
        ({ traceId, spanId, parentSpanId, name, kind, startTimeUnixNano, endTimeUnixNano, attributes, status }) => ({
          ...{ traceId, spanId, parentSpanId, name, kind, startTimeUnixNano, endTimeUnixNano, attributes },
          code: (status as { code?: number } | undefined)?.code ?? 0,
        }),
      ),
    })),
  }));
}

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.constant('"\\\u0000\u2028'));
const value = fc.letrec<{ any: FeedValue }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    ...[
      text,
      fc.integer(),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .filter((each) => !Number.isInteger(each) || Number.isSafeInteger(each)),
      fc.boolean(),
      fc.constant(null),
    ],
    fc.array(tie('any'), { maxLength: 3 }) as fc.Arbitrary<FeedValue>,
    fc.dictionary(
      text.filter((name) => name !== '__proto__'),
      tie('any'),
      { maxKeys: 3, noNullPrototype: true },
    ) as fc.Arbitrary<FeedValue>,
  ),
})).any;
const attributes = fc.dictionary(
  text.filter((name) => name !== '__proto__'),
  value,
  { maxKeys: 6, noNullPrototype: true },
) as fc.Arbitrary<FeedAttributes>;
const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const anyRecord = fc.record({
  ...{ name: text, kind: fc.constantFrom(0, 2), traceId: hex(32), spanId: hex(16), failed: fc.boolean() },
  parentSpanId: fc.oneof(fc.constant(''), hex(16)),
  startedAt: fc
    .integer({ min: 1, max: 2e9 })
    .chain((whole) => fc.integer({ min: 0, max: 999 }).map((ms) => whole + ms / 1000)),
  duration: fc.constantFrom(0, 0.25, 1, 3.5),
  ...{ identity: attributes.map((each) => ({ attributes: each })), attributes },
});

describe('a request of the feed', () => {
  it('says what the exporter of OpenTelemetry says of the same records', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRecord, { minLength: 1, maxLength: 4 }), async (records) => {
        // A name that is in both is said once by an object, and the last one counts.
        const apart = records.map((one) => {
          const own = Object.entries(one.attributes).filter(([name]) => !(name in one.identity.attributes));
          return { ...one, attributes: Object.fromEntries(own) };
        });
        const ours = JSON.parse(encode(apart)) as Request;
        expect(plain(ours)).toEqual(plain(await exported(apart)));
      }),
      { numRuns: 60 },
    );
  });

  it('is JSON whatever numbers are in it', () => {
    const { resourceSpans } = JSON.parse(
      encode([record({ attributes: { a: NaN, b: -Infinity, c: 1e300, d: -0, e: 2 ** 60, f: 5e-324 } })]),
    ) as Request;
    expect(resourceSpans[0]!.scopeSpans[0]!.spans[0]!['attributes']).toEqual([
      { key: 'guardspan.model.name', value: { stringValue: 'm' } },
      { key: 'a', value: { doubleValue: 'NaN' } },
      { key: 'b', value: { doubleValue: '-Infinity' } },
      { key: 'c', value: { doubleValue: 1e300 } },
      { key: 'd', value: { intValue: 0 } },
      { key: 'e', value: { doubleValue: 2 ** 60 } },
      { key: 'f', value: { doubleValue: 5e-324 } },
    ]);
  });

  it.each([
    [1767225600, '1767225600000000000'],
    [1767225600.5, '1767225600500000000'],
    [1767225600 + 0.9999999999, '1767225601000000000'],
  ])('writes %d seconds as nanoseconds', (startedAt, nanoseconds) => {
    const { resourceSpans } = JSON.parse(encode([record({ startedAt })])) as Request;
    expect(resourceSpans[0]!.scopeSpans[0]!.spans[0]!['startTimeUnixNano']).toBe(nanoseconds);
  });

  it('is whole however large the one before was', () => {
    const large = record({ attributes: { text: '€'.repeat(400_000) } });
    for (const records of [[record()], [large, large], [record()], [large], []]) {
      const { resourceSpans } = JSON.parse(encode(records)) as Request;
      const { spans } = resourceSpans[0]!.scopeSpans[0]!;
      expect(spans).toHaveLength(records.length);
      expect(JSON.stringify(spans).length).toBeGreaterThan(records.filter((each) => each === large).length * 400_000);
    }
  });

  it('has nothing of a record that cannot be written', () => {
    const unreadable = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw new TypeError('it cannot be read');
      },
    }) as FeedAttributes;
    const bad = record({ attributes: { fine: 'yes', bad: unreadable } });
    encoder.add(record());
    expect(() => encoder.add(bad)).toThrow(TypeError);
    encoder.add(record());
    expect(encode([])).toBe(encode([record(), record()]));
    expect(() => encoder.add(bad)).toThrow(TypeError);
    expect(encode([record()])).toBe(encode([record()]));
  });

  it('is JSON also when a value makes another record while it is read', () => {
    const calling = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        expect(() => encoder.add(record())).toThrow('while it is read');
        return 1;
      },
    }) as FeedAttributes;
    const { resourceSpans } = JSON.parse(encode([record({ attributes: { calling } }), record()])) as Request;
    expect(resourceSpans[0]!.scopeSpans[0]!.spans).toHaveLength(2);
  });

  it('names the process and its feed', () => {
    const { resourceSpans } = JSON.parse(encode([record()])) as Request;
    expect(resourceSpans[0]!.resource).toEqual({
      attributes: [
        { key: 'service.name', value: { stringValue: 'shop "7"' } },
        { key: 'service.instance.id', value: { stringValue: 'i-1' } },
        { key: 'service.version', value: { stringValue: '1' } },
        { key: 'deployment.environment.name', value: { stringValue: 'prod' } },
        { key: 'guardspan.feed', value: { stringValue: '1' } },
        { key: 'guardspan.incarnation', value: { stringValue: 'f'.repeat(32) } },
      ],
    });
  });
});
