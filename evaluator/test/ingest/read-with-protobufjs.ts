import type { CallValue } from '@guardspan/policy';
import { ATTR } from '@guardspan/policy';
import { CALL_KEYS } from '../../src/ingest/map/keys.js';
import { createDecodedSpan } from '../../src/ingest/wire/decoded-span.js';
import type { DecodedSpan } from '../../src/ingest/wire/decoded-span.js';
import { otlp } from './otlp-descriptors.js';

/** An int64 or fixed64 of protobufjs. */
type Wide = number | { low: number; high: number; unsigned: boolean };

interface Any {
  /** Which member of the oneof is set. */
  value?: string;
  stringValue?: string;
  boolValue?: boolean;
  intValue?: Wide;
  doubleValue?: number;
  arrayValue?: { values?: Any[] };
  kvlistValue?: { values?: { key?: string; value?: Any }[] };
}
interface Request {
  resourceSpans?: {
    resource?: { attributes?: { key?: string; value?: Any }[] };
    scopeSpans?: {
      scope?: { name?: string };
      spans?: {
        traceId?: Uint8Array;
        spanId?: Uint8Array;
        startTimeUnixNano?: Wide;
        endTimeUnixNano?: Wide;
        status?: { code?: Wide };
        attributes?: { key?: string; value?: Uint8Array[] }[];
      }[];
    }[];
  }[];
}

const PREFIXES = [ATTR.ATTRS_PREFIX, ATTR.GROUP_PREFIX, ATTR.TRUTH_PREFIX];
const request = otlp.lookupType('Request');
const anyValue = otlp.lookupType('AnyValue');

function wide(value: Wide | undefined): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  return (value.unsigned ? value.high >>> 0 : value.high) * 2 ** 32 + (value.low >>> 0);
}

function plain(any: Any | undefined): CallValue {
  switch (any?.value) {
    case 'stringValue':
      return any.stringValue!;
    case 'boolValue':
      return any.boolValue!;
    case 'intValue':
      return wide(any.intValue);
    case 'doubleValue':
      return any.doubleValue!;
    case 'arrayValue':
      return (any.arrayValue!.values ?? []).map(plain);
    case 'kvlistValue': {
      const map = Object.create(null) as { [key: string]: CallValue };
      for (const { key, value } of any.kvlistValue!.values ?? []) map[key ?? ''] = plain(value);
      return map;
    }
    default:
      return null;
  }
}

const hex = (bytes: Uint8Array | undefined, size: number): string =>
  bytes?.length === size ? Buffer.from(bytes).toString('hex') : '';

/** The spans of a request as protobufjs decodes them. Throws what protobufjs throws. */
export function readWithProtobufjs(bytes: Buffer): DecodedSpan[] {
  const spans: DecodedSpan[] = [];
  for (const { resource, scopeSpans } of (request.decode(bytes) as unknown as Request).resourceSpans ?? []) {
    const attributes = Object.create(null) as DecodedSpan['resource'];
    for (const { key, value } of resource?.attributes ?? []) attributes[key ?? ''] = plain(value);
    for (const { scope, spans: decoded } of scopeSpans ?? []) {
      for (const span of decoded ?? []) {
        const into = createDecodedSpan(CALL_KEYS.size);
        into.resource = attributes;
        into.scope = scope?.name ?? '';
        into.traceId = hex(span.traceId, 16);
        into.spanId = hex(span.spanId, 8);
        into.start = wide(span.startTimeUnixNano);
        into.end = wide(span.endTimeUnixNano);
        into.status = wide(span.status?.code);
        for (const { key = '', value = [] } of span.attributes ?? []) {
          const slot = CALL_KEYS.slotOf(key);
          const prefixed = PREFIXES.some((prefix) => key.startsWith(prefix) && key !== prefix);
          if (slot === undefined && !prefixed) continue;
          // A message field that comes several times is merged, which concatenation does; each must be well formed.
          for (const part of value) anyValue.decode(part);
          const read = plain(anyValue.decode(Buffer.concat(value)) as unknown as Any);
          if (slot === undefined) into.prefixed.push(key, read);
          else into.values[slot] = read;
        }
        spans.push(into);
      }
    }
  }
  return spans;
}
