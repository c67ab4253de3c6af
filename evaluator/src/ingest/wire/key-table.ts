/** Slot of a key that nobody needs. */
export const NO_SLOT = -1;
/** Slot of a key that begins with one of the prefixes. */
export const PREFIX_SLOT = -2;

interface Entry {
  bytes: Uint8Array;
  slot: number;
}

/** Finds the slot of an attribute key from its bytes, without making a string of it. */
export class KeyTable {
  readonly size: number;
  readonly #byLength: (Entry[] | undefined)[] = [];
  readonly #slots = new Map<string, number>();
  readonly #prefixes: Uint8Array[];

  /** @param keys each gets its index as its slot. @param prefixes keys that begin so are kept by name. */
  constructor(keys: readonly string[], prefixes: readonly string[]) {
    this.size = keys.length;
    this.#prefixes = prefixes.map((prefix) => Buffer.from(prefix));
    keys.forEach((key, slot) => {
      const bytes = Buffer.from(key);
      (this.#byLength[bytes.length] ??= []).push({ bytes, slot });
      this.#slots.set(key, slot);
    });
  }

  /** Slot of a key that is already a string; undefined when nobody needs it. */
  slotOf(key: string): number | undefined {
    return this.#slots.get(key);
  }

  /** Slot, {@link PREFIX_SLOT} or {@link NO_SLOT} of the key at `buffer[at, at + length)`. */
  match(buffer: Uint8Array, at: number, length: number): number {
    const entries = this.#byLength[length];
    if (entries !== undefined) {
      next: for (let i = 0; i < entries.length; i++) {
        const { bytes, slot } = entries[i]!;
        // From the end: keys share their beginnings.
        for (let j = length - 1; j >= 0; j--) if (bytes[j] !== buffer[at + j]) continue next;
        return slot;
      }
    }
    next: for (let i = 0; i < this.#prefixes.length; i++) {
      const bytes = this.#prefixes[i]!;
      if (length <= bytes.length) continue;
      for (let j = bytes.length - 1; j >= 0; j--) if (bytes[j] !== buffer[at + j]) continue next;
      return PREFIX_SLOT;
    }
    return NO_SLOT;
  }
}
