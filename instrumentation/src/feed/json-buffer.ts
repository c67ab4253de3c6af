/** Bytes that are kept for the next request. */
const KEPT = 1 << 20;
/** Bytes of UTF-8 at most for one code unit of a string. */
const UTF8_BYTES = 3;
/** Longest text that is looked through here; for longer ones the engine's own writer is faster. */
const SHORT = 64;

const QUOTE = 34;
const BACKSLASH = 92;
const ZERO = 48;

/**
 * JSON, written as bytes at once. Strings that are put together and turned into bytes at the end cost twice as much: each piece is an object, and the whole is copied once more.
 */
export class JsonBuffer {
  #bytes = Buffer.alloc(0);
  #length = 0;

  /** Bytes that are JSON already, e.g. of {@link jsonBytes}. */
  piece(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A text as a JSON string. Most are ids and words, in which nothing is to be escaped. */
  string(text: string): void {
    const { length } = text;
    if (length > SHORT) return this.json(JSON.stringify(text));
    this.#room(length + 2);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      // Beyond ASCII there are halves of characters, which have to be escaped.
      if (code < 32 || code > 126 || code === QUOTE || code === BACKSLASH) return this.json(JSON.stringify(text));
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.#length = at;
  }

  /** A text that is JSON already. */
  json(text: string): void {
    this.#room(text.length * UTF8_BYTES);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** One character of ASCII. */
  sign(code: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = code;
  }

  /** A whole number from 0 to 10^`count` - 1, with zeros before it. At most nine digits. */
  digits(value: number, count: number): void {
    this.#room(count);
    let rest = value | 0;
    this.#length += count;
    for (let at = 1; at <= count; at++) {
      const tens = (rest / 10) | 0;
      this.#bytes[this.#length - at] = ZERO + rest - tens * 10;
      rest = tens;
    }
  }

  /** Bytes that were written. */
  get length(): number {
    return this.#length;
  }

  /** Takes back what was written behind the first so many bytes. */
  cut(length: number): void {
    this.#length = length;
  }

  /** A copy of what was written, which then begins anew. */
  take(): Buffer {
    const written = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    if (this.#bytes.length > KEPT) this.#bytes = Buffer.alloc(0);
    return written;
  }

  #room(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * needed, 4096));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** A text that is JSON as bytes, for what is written again and again. */
export function jsonBytes(text: string): Uint8Array {
  return Buffer.from(text);
}
