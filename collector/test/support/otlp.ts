import protobuf from 'protobufjs';

/** A span as the tests send and receive it: all attribute values are strings. */
export interface TestSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly resource: Readonly<Record<string, string>>;
  /** Names of the events' attributes, over all events. */
  readonly eventAttributes?: readonly string[];
  /** OTLP status code: 0 unset, 1 ok, 2 error. */
  readonly status?: number;
}

const MESSAGES = protobuf
  .parse(
    `
  syntax = "proto3";
  message Value { string string_value = 1; }
  message Attribute { string key = 1; Value value = 2; }
  message Resource { repeated Attribute attributes = 1; }
  message Event { repeated Attribute attributes = 3; }
  message Span { bytes trace_id = 1; bytes span_id = 2; string name = 5; repeated Attribute attributes = 9; repeated Event events = 11; }
  message ScopeSpans { repeated Span spans = 2; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Request { repeated ResourceSpans resource_spans = 1; }
`,
  )
  .root.lookupType('Request');

interface WireAttribute {
  key: string;
  value?: { stringValue?: string };
}

interface WireRequest {
  resourceSpans: {
    resource?: { attributes: WireAttribute[] };
    scopeSpans: {
      spans: {
        traceId: Uint8Array;
        spanId: Uint8Array;
        name: string;
        attributes: WireAttribute[];
        events: { attributes: WireAttribute[] }[];
      }[];
    }[];
  }[];
}

/** Spans of a protobuf trace export request. */
export function decodeSpans(body: Uint8Array): TestSpan[] {
  const request = MESSAGES.decode(body) as unknown as WireRequest;
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: Buffer.from(span.traceId).toString('hex'),
        spanId: Buffer.from(span.spanId).toString('hex'),
        name: span.name,
        attributes: toRecord(span.attributes),
        resource: toRecord(resource?.attributes ?? []),
        eventAttributes: span.events.flatMap((event) => event.attributes.map(({ key }) => key)),
      })),
    ),
  );
}

/** JSON body of a trace export request with one resource for each span. */
export function encodeSpans(spans: readonly TestSpan[]): string {
  return JSON.stringify({
    resourceSpans: spans.map((span) => ({
      resource: { attributes: fromRecord(span.resource) },
      scopeSpans: [
        {
          spans: [
            {
              traceId: span.traceId,
              spanId: span.spanId,
              name: span.name,
              kind: 3,
              startTimeUnixNano: '1700000000000000000',
              endTimeUnixNano: '1700000001000000000',
              status: { code: span.status ?? 0 },
              attributes: fromRecord(span.attributes),
              events: (span.eventAttributes ?? []).map((key) => ({
                timeUnixNano: '1700000000500000000',
                name: 'event',
                attributes: fromRecord({ [key]: 'x' }),
              })),
            },
          ],
        },
      ],
    })),
  });
}

/** A span with ids made from a number. */
export function makeSpan(id: number, span: Partial<TestSpan> = {}): TestSpan {
  // Samplers look at the low bits of the trace id, so these have to vary as in real ids.
  const spread = Math.imul(id + 1, 0x9e3779b1) >>> 0;
  return {
    traceId: `${id.toString(16).padStart(8, '0')}${'a5'.repeat(4)}${spread.toString(16).padStart(8, '0')}${(spread ^ 0x5bd1e995) >>> 0 === 0 ? '00000001' : ((spread ^ 0x5bd1e995) >>> 0).toString(16).padStart(8, '0')}`,
    spanId: (id + 1).toString(16).padStart(16, '0'),
    name: `span ${id}`,
    attributes: {},
    resource: { 'service.name': 'shop' },
    ...span,
  };
}

function toRecord(attributes: readonly WireAttribute[]): Record<string, string> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value?.stringValue ?? '']));
}

function fromRecord(record: Readonly<Record<string, string>>): { key: string; value: { stringValue: string } }[] {
  return Object.entries(record).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}
