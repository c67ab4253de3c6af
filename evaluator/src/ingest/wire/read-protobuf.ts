import type { CallValue } from '@guardspan/policy';
import { IngestError } from '../ingest-error.js';
import { createDecodedSpan } from './decoded-span.js';
import type { DecodedResource, DecodedSpan } from './decoded-span.js';
import { NO_SLOT } from './key-table.js';
import type { KeyTable } from './key-table.js';
import { TextCache } from './text-cache.js';
import { WireReader } from './wire-reader.js';

/** Deepest AnyValue that is read; protobuf's own parsers stop at 100 messages. */
export const MAX_NESTING = 32;

/** Shared by all requests: what one process says is said again in its next request. */
const texts = new TextCache();

type CallMap = { [key: string]: CallValue };

/** No prototype: a key may be "__proto__". */
const createMap = (): CallMap => Object.create(null) as CallMap;
const isMap = (value: CallValue): value is CallMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Walks the bytes of an ExportTraceServiceRequest (opentelemetry-proto, trace/v1) and decodes only the attributes of the key table.
 * Unknown fields and known fields of another wire type are skipped, as protobuf asks; groups are refused. Invalid UTF-8 becomes U+FFFD.
 */
class ProtobufReader extends WireReader {
  readonly #keys: KeyTable;
  readonly #onSpan: (span: DecodedSpan) => void;
  readonly #span: DecodedSpan;

  constructor(buffer: Buffer, keys: KeyTable, onSpan: (span: DecodedSpan) => void) {
    super(buffer);
    this.#keys = keys;
    this.#onSpan = onSpan;
    this.#span = createDecodedSpan(keys.size);
  }

  read(): number {
    const end = this.buffer.length;
    let spans = 0;
    while (this.at < end) {
      const tag = this.tag(end);
      if (tag === 10) spans += this.#resourceSpans(this.length(end));
      else this.skip(tag, end);
    }
    return spans;
  }

  #resourceSpans(end: number): number {
    const from = this.at;
    // The resource may come after its spans; it is wanted before the first of them.
    const resource = Object.create(null) as DecodedResource;
    while (this.at < end) {
      const tag = this.tag(end);
      if (tag === 10) this.#resource(this.length(end), resource);
      else this.skip(tag, end);
    }
    this.#span.resource = resource;
    this.at = from;
    let spans = 0;
    while (this.at < end) {
      const tag = this.tag(end);
      if (tag !== 18) {
        this.skip(tag, end);
        continue;
      }
      spans += this.#scopeSpans(this.length(end));
    }
    return spans;
  }

  #scopeSpans(end: number): number {
    const from = this.at;
    // Writers put the scope first, but need not.
    let scope = '';
    while (this.at < end) {
      const tag = this.tag(end);
      if (tag === 10) scope = this.#scope(this.length(end), scope);
      else this.skip(tag, end);
    }
    this.#span.scope = scope;
    this.at = from;
    let spans = 0;
    while (this.at < end) {
      const tag = this.tag(end);
      if (tag === 18) {
        this.#readSpan(this.length(end));
        spans++;
      } else this.skip(tag, end);
    }
    return spans;
  }

  #scope(end: number, before: string): string {
    let name = before;
    while (this.at < end) {
      const tag = this.tag(end);
      if (tag === 10) name = this.#string(this.length(end));
      else this.skip(tag, end);
    }
    return name;
  }

  #resource(end: number, into: DecodedResource): void {
    while (this.at < end) {
      const tag = this.tag(end);
      if (tag === 10) this.#keyValue(this.length(end), into, 0);
      else this.skip(tag, end);
    }
  }

  #readSpan(end: number): void {
    const span = this.#span;
    span.traceId = span.spanId = '';
    span.start = span.end = span.status = 0;
    span.values.fill(undefined);
    if (span.prefixed.length > 0) span.prefixed = [];
    while (this.at < end) {
      const tag = this.tag(end);
      switch (tag) {
        case 10:
          span.traceId = this.#hex(this.length(end), 16);
          break;
        case 18:
          span.spanId = this.#hex(this.length(end), 8);
          break;
        case 57:
          span.start = this.fixed64(end);
          break;
        case 65:
          span.end = this.fixed64(end);
          break;
        case 74:
          this.#attribute(this.length(end));
          break;
        case 122:
          this.#status(this.length(end));
          break;
        default:
          this.skip(tag, end);
      }
    }
    this.#onSpan(span);
  }

  #attribute(end: number): void {
    const buffer = this.buffer;
    const from = this.at;
    // The form that writers use: the key, then the value, nothing else.
    const keyFrom = from + 2;
    const keyTo = keyFrom + buffer[from + 1]!;
    if (keyTo < end && buffer[from] === 10 && buffer[from + 1]! < 128 && buffer[keyTo] === 18) {
      this.at = keyTo + 1;
      if (this.length(end) === end) {
        const slot = this.#keys.find(this.view, keyFrom, keyTo - keyFrom);
        if (slot !== NO_SLOT) this.#keep(slot, keyFrom, keyTo, this.#value(end));
        this.at = end;
        return;
      }
      this.at = from;
    }
    this.#anyAttribute(end);
  }

  /** An AnyValue, most of which are one short text. */
  #value(end: number): CallValue {
    const buffer = this.buffer;
    const textFrom = this.at + 2;
    const length = buffer[textFrom - 1]!;
    if (buffer[textFrom - 2] === 10 && length < 128 && textFrom + length === end)
      return texts.read(buffer, textFrom, end);
    return this.#anyValue(end, 0, null);
  }

  /** An attribute with its fields in any order, any number of times. */
  #anyAttribute(end: number): void {
    const from = this.at;
    let slot = NO_SLOT;
    let keyAt = 0;
    let keyLength = 0;
    let valueAt = 0;
    let valueEnd = 0;
    let values = 0;
    while (this.at < end) {
      const tag = this.tag(end);
      if (tag === 10) {
        const keyEnd = this.length(end);
        keyAt = this.at;
        keyLength = keyEnd - keyAt;
        slot = this.#keys.find(this.view, keyAt, keyLength);
        this.at = keyEnd;
      } else if (tag === 18) {
        valueEnd = this.length(end);
        valueAt = this.at;
        values++;
        this.at = valueEnd;
      } else this.skip(tag, end);
    }
    if (slot === NO_SLOT) return;
    let value: CallValue = null;
    if (values === 1) {
      this.at = valueAt;
      value = this.#anyValue(valueEnd, 0, null);
    } else if (values > 1) {
      this.at = from;
      while (this.at < end) {
        const tag = this.tag(end);
        if (tag === 18) value = this.#anyValue(this.length(end), 0, value);
        else this.skip(tag, end);
      }
    }
    this.at = end;
    this.#keep(slot, keyAt, keyAt + keyLength, value);
  }

  #keep(slot: number, keyFrom: number, keyTo: number, value: CallValue): void {
    if (slot >= 0) this.#span.values[slot] = value;
    else this.#span.prefixed.push(this.#text(keyFrom, keyTo), value);
  }

  #status(end: number): void {
    while (this.at < end) {
      const tag = this.tag(end);
      if (tag === 24) this.#span.status = this.varint(end);
      else this.skip(tag, end);
    }
  }

  #keyValue(end: number, into: CallMap, depth: number): void {
    let key = '';
    let value: CallValue = null;
    while (this.at < end) {
      const tag = this.tag(end);
      if (tag === 10) key = this.#string(this.length(end));
      else if (tag === 18) value = this.#anyValue(this.length(end), depth, value);
      else this.skip(tag, end);
    }
    into[key] = value;
  }

  /** Reads an AnyValue over `before`: a field that comes twice is merged, as protobuf asks. */
  #anyValue(end: number, depth: number, before: CallValue): CallValue {
    if (depth > MAX_NESTING)
      throw new IngestError('GUARDSPAN_OTLP_NESTING', 'An attribute is nested too deep', this.at);
    let value = before;
    while (this.at < end) {
      const tag = this.tag(end);
      switch (tag) {
        case 10:
          value = this.#string(this.length(end));
          break;
        case 16:
          value = this.varint(end) !== 0;
          break;
        case 24:
          value = this.varint(end);
          break;
        case 33:
          value = this.double(end);
          break;
        case 42:
          value = this.#list(this.length(end), depth + 1, Array.isArray(value) ? value : []);
          break;
        case 50:
          value = this.#map(this.length(end), depth + 1, isMap(value) ? value : createMap());
          break;
        case 58:
          // Bytes have no form in a call.
          this.at = this.length(end);
          value = null;
          break;
        default:
          this.skip(tag, end);
      }
    }
    return value;
  }

  #list(end: number, depth: number, list: CallValue[]): CallValue[] {
    while (this.at < end) {
      const tag = this.tag(end);
      if (tag === 10) list.push(this.#anyValue(this.length(end), depth, null));
      else this.skip(tag, end);
    }
    return list;
  }

  #map(end: number, depth: number, map: CallMap): CallMap {
    while (this.at < end) {
      const tag = this.tag(end);
      if (tag === 10) this.#keyValue(this.length(end), map, depth);
      else this.skip(tag, end);
    }
    return map;
  }

  /** An id; one of a wrong size counts as none. */
  #hex(end: number, size: number): string {
    const from = this.at;
    this.at = end;
    return end - from === size ? this.buffer.toString('hex', from, end) : '';
  }

  #string(end: number): string {
    const from = this.at;
    this.at = end;
    return this.#text(from, end);
  }

  #text(from: number, end: number): string {
    return texts.read(this.buffer, from, end);
  }
}

/**
 * Reads a protobuf ExportTraceServiceRequest and calls `onSpan` for each span, with one object that is reused.
 * Returns the number of spans. Throws IngestError with the byte offset when the bytes are malformed; spans before that place were already
 * handed out, so collect first and count after.
 */
export function readProtobuf(buffer: Buffer, keys: KeyTable, onSpan: (span: DecodedSpan) => void): number {
  return new ProtobufReader(buffer, keys, onSpan).read();
}
