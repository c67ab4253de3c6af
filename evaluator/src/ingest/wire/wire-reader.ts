import { IngestError } from '../ingest-error.js';

/** Bytes of a varint that holds 32 bits. */
const VARINT32_BYTES = 5;

/** Reads the primitives of the protobuf wire format, each within the bounds of its message. */
export class WireReader {
  protected readonly buffer: Buffer;
  /** Where the next byte is read. */
  protected at = 0;
  protected readonly view: DataView;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  protected need(bytes: number, end: number): void {
    if (bytes > end - this.at) throw new IngestError('GUARDSPAN_OTLP_TRUNCATED', 'A field ends too early', this.at);
  }

  /** Reads a length; returns where the field ends. */
  protected length(end: number): number {
    const at = this.at;
    const length = this.varint(end);
    if (length < 0 || length > end - this.at || this.at - at > VARINT32_BYTES)
      throw new IngestError('GUARDSPAN_OTLP_TRUNCATED', 'A length reaches past its message', this.at);
    return this.at + length;
  }

  protected tag(end: number): number {
    const at = this.at;
    const first = at < end ? this.buffer[at]! : 0;
    if (first > 7 && first < 128) {
      this.at = at + 1;
      return first;
    }
    const tag = this.varint(end);
    if (tag < 8 || tag > 0xffffffff || this.at - at > VARINT32_BYTES)
      throw new IngestError('GUARDSPAN_OTLP_WIRE_TYPE', 'No field number', at);
    return tag;
  }

  /** A varint of at most 10 bytes as int64; a double, exact below 2^53. */
  protected varint(end: number): number {
    const buffer = this.buffer;
    let at = this.at;
    if (at < end) {
      const first = buffer[at]!;
      if (first < 128) {
        this.at = at + 1;
        return first;
      }
    }
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= end) throw new IngestError('GUARDSPAN_OTLP_TRUNCATED', 'A number ends too early', at);
      const byte = buffer[at++]!;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 128) {
        this.at = at;
        return (high | 0) * 4294967296 + (low >>> 0);
      }
    }
    throw new IngestError('GUARDSPAN_OTLP_VARINT', 'A number has more than 10 bytes', this.at);
  }

  protected fixed64(end: number): number {
    this.need(8, end);
    const value = this.view.getUint32(this.at, true) + this.view.getUint32(this.at + 4, true) * 4294967296;
    this.at += 8;
    return value;
  }

  protected skip(tag: number, end: number): void {
    switch (tag % 8) {
      case 0:
        this.varint(end);
        return;
      case 1:
        this.need(8, end);
        this.at += 8;
        return;
      case 2:
        this.at = this.length(end);
        return;
      case 5:
        this.need(4, end);
        this.at += 4;
        return;
      default:
        throw new IngestError('GUARDSPAN_OTLP_WIRE_TYPE', `Wire type ${tag % 8} is not used by OTLP`, this.at);
    }
  }

  protected double(end: number): number {
    this.need(8, end);
    const value = this.view.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }
}
