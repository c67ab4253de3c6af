import { plainUnit } from './plain-units.js';
import type { UnitReader } from './vector/unit-reader.js';
import { unitWriter } from './vector/unit-writer.js';

/** Zeros behind the last code unit: no detector looks further than this beyond the end of a text. */
const PAD = 16;
const LEAST = 4096;
/** Code units of which one call makes a text. */
const PIECE = 8192;
/** No code unit below it stands for another one ({@link plainUnit}). */
const FIRST_CHANGED = 0x660;

declare const TextEncoder: new () => {
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
};
const encoder = new TextEncoder();

/** Space for the code units of one text at a time. */
export class Units {
  #units: Uint16Array;
  #write: (text: string) => void;
  #bytes: Uint8Array | null = null;
  #changed = false;

  /** @param reader Looks at the units where it is given; they are in its memory then. */
  constructor(readonly reader: UnitReader | null = null) {
    this.#units = reader?.units ?? new Uint16Array(LEAST + PAD);
    this.#write = unitWriter(this.#units);
  }

  /** Code units for which there is space. */
  get capacity(): number {
    return this.#units.length - PAD;
  }

  /**
   * The UTF-16 code units of a text, each the character of ASCII that it stands for ({@link plainUnit}), and zeros behind them; valid until the next call. A string's own
   * `charCodeAt` asks on every call how the string is kept, which costs more than all else that is done with most characters.
   */
  of(text: string): Uint16Array {
    const units = this.exact(text);
    if (this.reader === null || this.reader.largest(text.length) >= FIRST_CHANGED) this.#plainly(text.length);
    return units;
  }

  /** {@link of} with every code unit as it is. */
  exact(text: string): Uint16Array {
    const { length } = text;
    if (length > this.capacity) this.#grow(length);
    this.#write(text);
    // `fill` leaves the compiled code, for sixteen units.
    const units = this.#units;
    for (let at = length; at < length + PAD; at++) units[at] = 0;
    this.#changed = false;
    return units;
  }

  /** The bytes of a text that is ASCII, else null; valid until the next call. */
  ascii(text: string): Uint8Array | null {
    const { length } = text;
    if (this.#bytes === null || length > this.#bytes.length) this.#bytes = new Uint8Array(powerAbove(length));
    const { read, written } = encoder.encodeInto(text, this.#bytes);
    // As many bytes as code units.
    return read === length && written === length ? this.#bytes.subarray(0, length) : null;
  }

  /** The text that {@link of} was called with last, in the characters of its units. */
  plain(text: string): string {
    if (!this.#changed) return text;
    let plain = '';
    for (let from = 0; from < text.length; from += PIECE)
      plain += String.fromCharCode(...this.#units.subarray(from, Math.min(text.length, from + PIECE)));
    return plain;
  }

  #plainly(length: number): void {
    const units = this.#units;
    for (let at = 0; at < length; at++) {
      const code = units[at]!;
      if (code < FIRST_CHANGED) continue;
      const plain = plainUnit(code);
      if (plain === code) continue;
      units[at] = plain;
      this.#changed = true;
    }
  }

  #grow(length: number): void {
    const room = powerAbove(length);
    this.reader?.grow(room);
    this.#units = this.reader?.units ?? new Uint16Array(room + PAD);
    this.#write = unitWriter(this.#units);
  }
}

function powerAbove(length: number): number {
  return Math.max(LEAST, 2 ** Math.ceil(Math.log2(length)));
}
