/** Slot of a key that nobody needs. */
export const NO_SLOT = -1;
/** Slot of a key that begins with one of the prefixes. */
export const PREFIX_SLOT = -2;

/** The bytes of a key or prefix, four at a time, and its last four (which may overlap). */
interface Pattern {
  length: number;
  words: Int32Array;
  last: number;
  slot: number;
}

/** Shortest key and prefix. */
const WORD = 4;

function pattern(text: string, slot: number): Pattern {
  const bytes = Buffer.from(text);
  if (bytes.length < WORD) throw new RangeError(`"${text}" is shorter than ${WORD} bytes`);
  const words = new Int32Array(Math.floor(bytes.length / WORD));
  for (let i = 0; i < words.length; i++) words[i] = bytes.readInt32LE(i * WORD);
  return { length: bytes.length, words, last: bytes.readInt32LE(bytes.length - WORD), slot };
}

/** True when the bytes at `at` are those of the pattern; compared from the end, because keys share their beginnings. */
function equals(view: DataView, at: number, { length, words, last }: Pattern): boolean {
  if (view.getInt32(at + length - WORD, true) !== last) return false;
  for (let i = words.length - 1; i >= 0; i--) if (view.getInt32(at + i * WORD, true) !== words[i]) return false;
  return true;
}

/** Finds the slot of an attribute key from its bytes, without making a string of it. */
export class KeyTable {
  readonly size: number;
  readonly #byLength: (Pattern[] | undefined)[] = [];
  readonly #slots = new Map<string, number>();
  readonly #prefixes: Pattern[];

  /**
   * @param keys each gets its index as its slot. @param prefixes keys that begin so are kept by name.
   * @throws RangeError for a key or prefix of less than four bytes
   */
  constructor(keys: readonly string[], prefixes: readonly string[]) {
    this.size = keys.length;
    this.#prefixes = prefixes.map((prefix) => pattern(prefix, PREFIX_SLOT));
    keys.forEach((key, slot) => {
      const entry = pattern(key, slot);
      (this.#byLength[entry.length] ??= []).push(entry);
      this.#slots.set(key, slot);
    });
  }

  /** Slot of a key that is already a string; undefined when nobody needs it. */
  slotOf(key: string): number | undefined {
    return this.#slots.get(key);
  }

  /** Slot, {@link PREFIX_SLOT} or {@link NO_SLOT} of the key at `buffer[at, at + length)`. */
  match(buffer: Uint8Array, at: number, length: number): number {
    return this.find(new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength), at, length);
  }

  /** {@link match} for who looks up many keys in one buffer. */
  find(view: DataView, at: number, length: number): number {
    const entries = this.#byLength[length];
    if (entries !== undefined) {
      for (let i = 0; i < entries.length; i++) {
        const entry = entries[i]!;
        if (equals(view, at, entry)) return entry.slot;
      }
    }
    for (let i = 0; i < this.#prefixes.length; i++) {
      const prefix = this.#prefixes[i]!;
      if (length > prefix.length && equals(view, at, prefix)) return PREFIX_SLOT;
    }
    return NO_SLOT;
  }
}
