import type { FeedAttributes, FeedRecord, FeedValue } from './feed-record.js';

/*
 * OTLP/JSON (opentelemetry-proto, "JSON Protobuf Encoding": ids in hexadecimal, enums as numbers). Written as text at once: records of plain allows are nearly all alike, and to build an
 * object of each for a general serializer was the largest single cost of a guarded call.
 */

/** `SpanStatus` of the protocol. */
const STATUS_ERROR = 2;
/** Names of attributes kept; some come from applications, so that they may be without number. */
const MAX_KEYS = 1000;
const keys = new Map<string, string>();

/** `{"key":"…","value":` of an attribute. */
function opened(name: string): string {
  let text = keys.get(name);
  if (text === undefined) {
    text = `{"key":${JSON.stringify(name)},"value":`;
    if (keys.size >= MAX_KEYS) keys.clear();
    keys.set(name, text);
  }
  return text;
}

function number(value: number): string {
  // What JSON has no number for, protobuf's mapping writes as text: "NaN", "Infinity", "-Infinity".
  if (!Number.isFinite(value)) return `{"doubleValue":"${value}"}`;
  return Number.isSafeInteger(value) ? `{"intValue":${value}}` : `{"doubleValue":${value}}`;
}

/** An `AnyValue`. */
function anyValue(value: FeedValue | undefined): string {
  switch (typeof value) {
    case 'string':
      return `{"stringValue":${JSON.stringify(value)}}`;
    case 'number':
      return number(value);
    case 'boolean':
      return `{"boolValue":${value}}`;
    case 'undefined':
      return '{}';
  }
  if (value === null) return '{}';
  if (Array.isArray(value)) return `{"arrayValue":{"values":[${(value as FeedValue[]).map(anyValue).join(',')}]}}`;
  return `{"kvlistValue":{"values":[${attributesJson(value as FeedAttributes)}]}}`;
}

/** Attributes as the items of a list. */
function attributesJson(attributes: FeedAttributes): string {
  let text = '';
  for (const name in attributes) {
    const item = `${opened(name)}${anyValue(attributes[name])}}`;
    text = text === '' ? item : `${text},${item}`;
  }
  return text;
}

/** The last whole second, as text: most records start in the same one. */
let second = { value: NaN, text: '' };

/** Seconds from epoch as nanoseconds. */
function nanoseconds(seconds: number): string {
  let whole = Math.floor(seconds);
  let rest = Math.round((seconds - whole) * 1e9);
  if (rest === 1e9) {
    whole += 1;
    rest = 0;
  }
  if (whole !== second.value) second = { value: whole, text: String(whole) };
  // With a digit before them, so that zeros stay.
  return second.text + String(1e9 + rest).slice(1);
}

/** A record as one span. */
function spanJson(record: FeedRecord): string {
  const { identity, startedAt, duration } = record;
  const shared = (identity.json ??= attributesJson(identity.attributes));
  const own = attributesJson(record.attributes);
  const parent = record.parentSpanId === '' ? '' : `"parentSpanId":${JSON.stringify(record.parentSpanId)},`;
  const status = record.failed ? `,"status":{"code":${STATUS_ERROR}}` : '';
  return (
    `{"traceId":${JSON.stringify(record.traceId)},"spanId":${JSON.stringify(record.spanId)},${parent}"name":${JSON.stringify(record.name)},"kind":${record.kind + 1},` +
    `"startTimeUnixNano":"${nanoseconds(startedAt)}","endTimeUnixNano":"${nanoseconds(startedAt + duration)}",` +
    `"attributes":[${shared}${shared !== '' && own !== '' ? ',' : ''}${own}]${status}}`
  );
}

/** Bytes of the buffer that is kept for the next request. */
const KEPT = 1 << 20;
/** Bytes of UTF-8 at most for one code unit of a string. */
const UTF8_BYTES = 3;

/** Writes requests of one process. One buffer serves them all: a copy of what was written is cheaper than strings of this size. */
export class RequestEncoder {
  readonly #before: string;
  #buffer = Buffer.alloc(0);
  #length = 0;

  /** @param scope Of the instrumentation. */
  constructor(resource: FeedAttributes, { name, version }: { name: string; version: string }) {
    this.#before =
      `{"resourceSpans":[{"resource":{"attributes":[${attributesJson(resource)}]},` +
      `"scopeSpans":[{"scope":${JSON.stringify({ name, version })},"spans":[`;
  }

  /** An `ExportTraceServiceRequest`. */
  encode(records: readonly FeedRecord[]): Buffer {
    this.#length = 0;
    this.#write(this.#before);
    let first = true;
    for (const record of records) {
      this.#write(first ? spanJson(record) : `,${spanJson(record)}`);
      first = false;
    }
    this.#write(']}]}]}');
    const request = Buffer.from(this.#buffer.subarray(0, this.#length));
    if (this.#buffer.length > KEPT) this.#buffer = Buffer.alloc(0);
    return request;
  }

  #write(text: string): void {
    const needed = this.#length + text.length * UTF8_BYTES;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * needed, 4096));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    this.#length += this.#buffer.write(text, this.#length);
  }
}
