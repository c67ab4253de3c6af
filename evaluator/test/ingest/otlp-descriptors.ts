import protobuf from 'protobufjs';

type FieldOf = [type: string, id: number, rule?: 'repeated'];

function message(fields: Record<string, FieldOf>, oneof?: string): protobuf.IType {
  return {
    options: { features: { utf8_validation: 'NONE' } },
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, [type, id, rule]]) => [name, { type, id, ...(rule ? { rule } : {}) }]),
    ),
    ...(oneof === undefined ? {} : { oneofs: { [oneof]: { oneof: Object.keys(fields) } } }),
  };
}

/**
 * The messages of opentelemetry-proto that the evaluator reads, as protobufjs descriptors. Fields that the evaluator skips are not there, so that protobufjs
 * skips them too. Two fields differ from the published form, without a difference on the wire:
 * - values of a span's attributes stay bytes (`SpanAttribute`): only those of wanted keys are decoded, with `AnyValue`;
 * - the status code is an int64, because the evaluator keeps codes that it does not know.
 *
 * Text is not verified: the evaluator reads invalid UTF-8 as U+FFFD, because a text that some library cut in the middle of a character is no reason to lose a
 * batch of calls.
 */
export const otlp = protobuf.Root.fromJSON({
  nested: {
    Request: message({ resourceSpans: ['ResourceSpans', 1, 'repeated'] }),
    ResourceSpans: message({ resource: ['Resource', 1], scopeSpans: ['ScopeSpans', 2, 'repeated'] }),
    Resource: message({ attributes: ['KeyValue', 1, 'repeated'] }),
    ScopeSpans: message({ scope: ['Scope', 1], spans: ['Span', 2, 'repeated'] }),
    Scope: message({ name: ['string', 1] }),
    Span: message({
      traceId: ['bytes', 1],
      spanId: ['bytes', 2],
      startTimeUnixNano: ['fixed64', 7],
      endTimeUnixNano: ['fixed64', 8],
      attributes: ['SpanAttribute', 9, 'repeated'],
      status: ['Status', 15],
    }),
    Status: message({ code: ['int64', 3] }),
    SpanAttribute: message({ key: ['string', 1], value: ['bytes', 2, 'repeated'] }),
    KeyValue: message({ key: ['string', 1], value: ['AnyValue', 2] }),
    ArrayValue: message({ values: ['AnyValue', 1, 'repeated'] }),
    KeyValueList: message({ values: ['KeyValue', 1, 'repeated'] }),
    AnyValue: message(
      {
        stringValue: ['string', 1],
        boolValue: ['bool', 2],
        intValue: ['int64', 3],
        doubleValue: ['double', 4],
        arrayValue: ['ArrayValue', 5],
        kvlistValue: ['KeyValueList', 6],
        bytesValue: ['bytes', 7],
      },
      'value',
    ),
  },
});
otlp.resolveAll();
