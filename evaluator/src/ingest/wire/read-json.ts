import type { CallValue } from '@guardspan/policy';
import { IngestError } from '../ingest-error.js';
import type { DecodedResource, DecodedSpan } from './decoded-span.js';
import { createDecodedSpan } from './decoded-span.js';
import { NO_SLOT, PREFIX_SLOT } from './key-table.js';
import type { KeyTable } from './key-table.js';
import { MAX_NESTING } from './read-protobuf.js';

type Json = Record<string, unknown>;

const HEX_TRACE = /^[0-9a-f]{32}$/i;
const HEX_SPAN = /^[0-9a-f]{16}$/i;

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function list(value: unknown, where: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new IngestError('GUARDSPAN_OTLP_WIRE_TYPE', `${where} is no list`);
  return value;
}

/** An int64 of OTLP/JSON: decimal text, or a number (protobuf's JSON mapping accepts both). */
function integer(value: unknown): number {
  const number = typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? Number(value) : value;
  if (number === undefined || number === null) return 0;
  if (typeof number !== 'number' || !Number.isInteger(number))
    throw new IngestError('GUARDSPAN_OTLP_VARINT', 'A number is no whole number');
  return number;
}

function anyValue(value: unknown, depth: number): CallValue {
  if (depth > MAX_NESTING) throw new IngestError('GUARDSPAN_OTLP_NESTING', 'An attribute is nested too deep');
  const any = object(value);
  if (typeof any.stringValue === 'string') return any.stringValue;
  if (typeof any.boolValue === 'boolean') return any.boolValue;
  if (any.intValue !== undefined) return integer(any.intValue);
  if (any.doubleValue !== undefined) return Number(any.doubleValue);
  if (any.arrayValue !== undefined)
    return list(object(any.arrayValue).values, 'arrayValue.values').map((item) => anyValue(item, depth + 1));
  if (any.kvlistValue !== undefined) {
    const map = Object.create(null) as { [key: string]: CallValue };
    for (const entry of list(object(any.kvlistValue).values, 'kvlistValue.values')) {
      const pair = object(entry);
      map[String(pair.key ?? '')] = anyValue(pair.value, depth + 1);
    }
    return map;
  }
  return null;
}

/**
 * Reads an OTLP/JSON ExportTraceServiceRequest (ids in hexadecimal, enums as numbers, int64 as text or number) and calls `onSpan` for each span, with one
 * object that is reused. Unknown keys are ignored.
 * @returns the number of spans
 * @throws IngestError
 */
export function readJson(text: string, keys: KeyTable, onSpan: (span: DecodedSpan) => void): number {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new IngestError('GUARDSPAN_OTLP_TRUNCATED', 'The body is no JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new IngestError('GUARDSPAN_OTLP_WIRE_TYPE', 'The body is no JSON object');
  const decoded = createDecodedSpan(keys.size);
  let spans = 0;
  for (const resourceSpans of list((parsed as Json).resourceSpans, 'resourceSpans')) {
    const resource = Object.create(null) as DecodedResource;
    for (const entry of list(object(object(resourceSpans).resource).attributes, 'attributes')) {
      const pair = object(entry);
      resource[String(pair.key ?? '')] = anyValue(pair.value, 0);
    }
    decoded.resource = resource;
    for (const scopeSpans of list(object(resourceSpans).scopeSpans, 'scopeSpans')) {
      const { name } = object(object(scopeSpans).scope);
      decoded.scope = typeof name === 'string' ? name : '';
      for (const span of list(object(scopeSpans).spans, 'spans')) {
        readSpan(object(span), keys, decoded);
        onSpan(decoded);
        spans += 1;
      }
    }
  }
  return spans;
}

function readSpan(span: Json, keys: KeyTable, into: DecodedSpan): void {
  into.traceId = typeof span.traceId === 'string' && HEX_TRACE.test(span.traceId) ? span.traceId.toLowerCase() : '';
  into.spanId = typeof span.spanId === 'string' && HEX_SPAN.test(span.spanId) ? span.spanId.toLowerCase() : '';
  into.start = integer(span.startTimeUnixNano);
  into.end = integer(span.endTimeUnixNano);
  into.status = integer(object(span.status).code);
  into.values.fill(undefined);
  into.prefixed = [];
  for (const entry of list(span.attributes, 'attributes')) {
    const pair = object(entry);
    const key = String(pair.key ?? '');
    const bytes = Buffer.from(key);
    const slot = keys.match(bytes, 0, bytes.length);
    if (slot === NO_SLOT) continue;
    const value = anyValue(pair.value, 0);
    if (slot === PREFIX_SLOT) into.prefixed.push(key, value);
    else into.values[slot] = value;
  }
}
