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

  /** The bytes of a text that is ASCII, else null; valid until the next call. Less work than {@link of}, for whom bytes are enough. */
  ascii(text: string): Uint8Array | null {
    const { length } = text;
    if (length > this.capacity) {
      this.#bytes = new Uint8Array(2 ** Math.ceil(Math.log2(length)));
      this.#units = new Uint16Array(this.#bytes.length + PAD);
    }
    const { read, written } = encoder.encodeInto(text, this.#bytes);
    // As many bytes as code units.
    return read === length && written === length ? this.#bytes.subarray(0, length) : null;
  }

  #write(text: string, plainly: boolean): Uint16Array {
    const { length } = text;
    const ascii = this.ascii(text);
    const units = this.#units;
    this.#changed = false;
    if (ascii !== null) units.set(ascii);
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

  /** The text that {@link of} was called with last, in the characters of its units. */
  plain(text: string): string {
    if (!this.#changed) return text;
    let plain = '';
    for (let from = 0; from < text.length; from += PIECE)
      plain += String.fromCharCode(...this.#units.subarray(from, Math.min(text.length, from + PIECE)));
    return plain;
  }
}
