/** Longest text that is kept, bytes. */
const MAX_BYTES = 40;
const SLOTS = 2048;
const HASHED_BYTES = 8;

/**
 * Gives the same string for the same bytes again: names of models, tenants and services come thousands of times a second, and a string that is known
 * already costs no memory and has its hash. A fixed number of short texts is kept; a text of others takes the place of another.
 */
export class TextCache {
  readonly #texts = new Array<string>(SLOTS).fill('');

  /** The text of `buffer[from, to)`, UTF-8; invalid bytes become U+FFFD. */
  read(buffer: Buffer, from: number, to: number): string {
    const length = to - from;
    if (length > MAX_BYTES) return buffer.toString('utf8', from, to);
    // Texts of one kind differ at their ends (tenant-17, gpt-4o-mini).
    let hash = length;
    for (let at = length > HASHED_BYTES ? to - HASHED_BYTES : from; at < to; at++)
      hash = Math.imul(hash ^ buffer[at]!, 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const known = this.#texts[slot]!;
    if (known.length === length) {
      let at = 0;
      while (at < length && known.charCodeAt(at) === buffer[from + at]) at++;
      if (at === length) return known;
    }
    for (let at = from; at < to; at++) if (buffer[at]! > 127) return buffer.toString('utf8', from, to);
    const text = buffer.toString('latin1', from, to);
    this.#texts[slot] = text;
    return text;
  }
}
