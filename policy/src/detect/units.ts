/** Zeros behind the last code unit: no detector looks further than this beyond the end of a text. */
const PAD = 16;
const LEAST = 4096;

declare const TextEncoder: new () => {
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
};
const encoder = new TextEncoder();

/** Space for the code units of one text at a time. */
export class Units {
  #bytes = new Uint8Array(LEAST);
  #units = new Uint16Array(LEAST + PAD);

  /** Code units for which there is space. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /**
   * The UTF-16 code units of a text, and zeros behind them; valid until the next call. A string's own `charCodeAt` asks on every call how the string is kept, which costs
   * more than all else that is done with most characters.
   */
  of(text: string): Uint16Array {
    const { length } = text;
    if (length > this.capacity) {
      this.#bytes = new Uint8Array(2 ** Math.ceil(Math.log2(length)));
      this.#units = new Uint16Array(this.#bytes.length + PAD);
    }
    const units = this.#units;
    const { read, written } = encoder.encodeInto(text, this.#bytes);
    // As many bytes as code units: ASCII, which can be copied as it is.
    if (read === length && written === length) units.set(this.#bytes.subarray(0, length));
    else for (let at = 0; at < length; at++) units[at] = text.charCodeAt(at);
    units.fill(0, length, length + PAD);
    return units;
  }
}

/** The code units of a text in an array of its own, with zeros behind them. */
export function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length + PAD);
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at);
  return units;
}
