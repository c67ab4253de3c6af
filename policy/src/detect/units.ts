import { plainUnit } from './plain-units.js';

/** Zeros behind the last code unit: no detector looks further than this beyond the end of a text. */
const PAD = 16;
const LEAST = 4096;
/** Code units of which one call makes a text. */
const PIECE = 8192;

declare const TextEncoder: new () => {
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
};
const encoder = new TextEncoder();

/** Space for the code units of one text at a time. */
export class Units {
  #bytes = new Uint8Array(LEAST);
  #units = new Uint16Array(LEAST + PAD);
  #changed = false;
  /** Bytes of the last text when it is ASCII, else -1. */
  #ascii = -1;

  /** Code units for which there is space. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /**
   * The UTF-16 code units of a text, each the character of ASCII that it stands for ({@link plainUnit}), and zeros behind them; valid until the next call. A string's own
   * `charCodeAt` asks on every call how the string is kept, which costs more than all else that is done with most characters.
   */
  of(text: string): Uint16Array {
    return this.#write(text, true);
  }

  /** {@link of} with every code unit as it is. */
  exact(text: string): Uint16Array {
    return this.#write(text, false);
  }

  #write(text: string, plainly: boolean): Uint16Array {
    const { length } = text;
    if (length > this.capacity) {
      this.#bytes = new Uint8Array(2 ** Math.ceil(Math.log2(length)));
      this.#units = new Uint16Array(this.#bytes.length + PAD);
    }
    const units = this.#units;
    this.#changed = false;
    const { read, written } = encoder.encodeInto(text, this.#bytes);
    // As many bytes as code units: ASCII, which can be copied as it is.
    const ascii = read === length && written === length;
    this.#ascii = ascii ? length : -1;
    if (ascii) units.set(this.#bytes.subarray(0, length));
    else if (plainly) this.#read(text);
    else for (let at = 0; at < length; at++) units[at] = text.charCodeAt(at);
    units.fill(0, length, length + PAD);
    return units;
  }

  #read(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const plain = plainUnit(code);
      if (plain !== code) this.#changed = true;
      this.#units[at] = plain;
    }
  }

  /** The bytes of the text that was read last when it is ASCII, else null; valid until the next call. */
  get ascii(): Uint8Array | null {
    return this.#ascii < 0 ? null : this.#bytes.subarray(0, this.#ascii);
  }

  /** The text that {@link of} was called with last, in the characters of its units. */
  plain(text: string): string {
    if (!this.#changed) return text;
    let plain = '';
    for (let from = 0; from < text.length; from += PIECE)
      plain += String.fromCharCode(...this.#units.subarray(from, Math.min(text.length, from + PIECE)));
    return plain;
  }
}
