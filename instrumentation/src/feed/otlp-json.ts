import type { BatchEncoder } from './feed.js';
import type { FeedAttributes, FeedIdentity, FeedRecord, FeedValue } from './feed-record.js';
import { JsonBuffer, jsonBytes } from './json-buffer.js';

/*
 * OTLP/JSON (opentelemetry-proto, "JSON Protobuf Encoding": ids in hexadecimal, enums as numbers). Written as bytes at once: records of plain allows are nearly all alike, and to build an
 * object of each for a general serializer was the largest single cost of a guarded call.
 */

/** `SpanStatus` of the protocol. */
const STATUS_ERROR = 2;
/** Names of attributes kept; some come from applications, so that they may be without number. */
const MAX_KEYS = 1000;

/** An attribute behind others up to its value, by the kind of that. */
interface Opened {
  any: Uint8Array;
  text: Uint8Array;
  whole: Uint8Array;
  real: Uint8Array;
}
const keys = new Map<string, Opened>();

function opened(name: string): Opened {
  let known = keys.get(name);
  if (known === undefined) {
    const any = `,{"key":${JSON.stringify(name)},"value":`;
    known = {
      any: jsonBytes(any),
      text: jsonBytes(`${any}{"stringValue":`),
      whole: jsonBytes(`${any}{"intValue":`),
      real: jsonBytes(`${any}{"doubleValue":`),
    };
    if (keys.size >= MAX_KEYS) keys.clear();
    keys.set(name, known);
  }
  return known;
}

/** A number without its `AnyValue`. */
function numberJson(value: number): string {
  // What JSON has no number for, protobuf's mapping writes as text: "NaN", "Infinity", "-Infinity".
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

/** An `AnyValue`. */
function anyValue(value: FeedValue | undefined): string {
  switch (typeof value) {
    case 'string':
      return `{"stringValue":${JSON.stringify(value)}}`;
    case 'number':
      return `{"${Number.isSafeInteger(value) ? 'intValue' : 'doubleValue'}":${numberJson(value)}}`;
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
  return Object.entries(attributes)
    .map(([name, value]) => `{"key":${JSON.stringify(name)},"value":${anyValue(value)}}`)
    .join(',');
}

const FIRST = jsonBytes('{"traceId":');
const NEXT = jsonBytes(',{"traceId":');
const SPAN_ID = jsonBytes(',"spanId":');
const PARENT = jsonBytes(',"parentSpanId":');
const ENDED = jsonBytes('","endTimeUnixNano":"');
const REQUEST_END = jsonBytes(']}]}]}');
const BRACE = 125;
const BRACKET = 93;

/** What records of one identity and one name have in common, as bytes. */
interface Common {
  name: string;
  kind: number;
  /** From behind the ids to the start. */
  named: Uint8Array;
  /** From behind the end to the last shared attribute. */
  shared: Uint8Array;
  sharedFailed: Uint8Array;
  /** No attribute is shared: those of a record are the first ones. */
  alone: boolean;
}
const commons = new WeakMap<FeedIdentity, Common>();

function commonOf({ identity, name, kind }: FeedRecord): Common {
  let common = commons.get(identity);
  if (common?.name === name && common.kind === kind) return common;
  const attributes = attributesJson(identity.attributes);
  common = {
    name,
    kind,
    named: jsonBytes(`,"name":${JSON.stringify(name)},"kind":${kind + 1},"startTimeUnixNano":"`),
    shared: jsonBytes(`","attributes":[${attributes}`),
    sharedFailed: jsonBytes(`","status":{"code":${STATUS_ERROR}},"attributes":[${attributes}`),
    alone: attributes === '',
  };
  commons.set(identity, common);
  return common;
}

/** Writes requests (`ExportTraceServiceRequest`) of one process, span by span. One buffer serves them all. */
export class RequestEncoder implements BatchEncoder {
  readonly #before: Uint8Array;
  readonly #out = new JsonBuffer();
  /** The last whole second: most records start in the same one. */
  #second = { value: NaN, digits: jsonBytes('') };
  #writing = false;

  /** @param scope Of the instrumentation. */
  constructor(resource: FeedAttributes, { name, version }: { name: string; version: string }) {
    this.#before = jsonBytes(
      `{"resourceSpans":[{"resource":{"attributes":[${attributesJson(resource)}]},` +
        `"scopeSpans":[{"scope":${JSON.stringify({ name, version })},"spans":[`,
    );
  }

  add(record: FeedRecord): void {
    // A value of the application may be a getter, which may call a model.
    if (this.#writing) throw new Error('a value of another record makes this one while it is read');
    const out = this.#out;
    const { length } = out;
    this.#writing = true;
    try {
      if (length === 0) out.piece(this.#before);
      out.piece(length === 0 ? FIRST : NEXT);
      this.#span(record);
    } catch (error) {
      out.cut(length);
      throw error;
    } finally {
      this.#writing = false;
    }
  }

  take(): Buffer {
    if (this.#out.length === 0) this.#out.piece(this.#before);
    this.#out.piece(REQUEST_END);
    return this.#out.take();
  }

  /** A record as one span, from the value of `traceId` on. */
  #span(record: FeedRecord): void {
    const out = this.#out;
    const common = commonOf(record);
    out.string(record.traceId);
    out.piece(SPAN_ID);
    out.string(record.spanId);
    if (record.parentSpanId !== '') {
      out.piece(PARENT);
      out.string(record.parentSpanId);
    }
    out.piece(common.named);
    this.#nanoseconds(record.startedAt);
    out.piece(ENDED);
    this.#nanoseconds(record.startedAt + record.duration);
    out.piece(record.failed ? common.sharedFailed : common.shared);
    if (common.alone) out.json(attributesJson(record.attributes));
    else this.#attributes(record.attributes);
    out.sign(BRACKET);
    out.sign(BRACE);
  }

  /** Seconds from epoch as nanoseconds. */
  #nanoseconds(seconds: number): void {
    let whole = Math.floor(seconds);
    let rest = Math.round((seconds - whole) * 1e9);
    if (rest === 1e9) {
      whole += 1;
      rest = 0;
    }
    if (whole !== this.#second.value) this.#second = { value: whole, digits: jsonBytes(String(whole)) };
    this.#out.piece(this.#second.digits);
    this.#out.digits(rest, 9);
  }

  /** Attributes behind others. */
  #attributes(attributes: FeedAttributes): void {
    const out = this.#out;
    for (const name in attributes) {
      const value = attributes[name];
      const before = opened(name);
      if (typeof value === 'string') {
        out.piece(before.text);
        out.string(value);
        out.sign(BRACE);
      } else if (typeof value === 'number') {
        out.piece(Number.isSafeInteger(value) ? before.whole : before.real);
        out.json(numberJson(value));
        out.sign(BRACE);
      } else {
        out.piece(before.any);
        out.json(anyValue(value));
      }
      out.sign(BRACE);
    }
  }
}
