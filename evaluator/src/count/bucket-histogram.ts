/** Largest count of one key. */
export const MAX_KEY_COUNT = 2 ** 51 - 1;

/** Added to a key so that it is positive and fits the low {@link KEY_BITS} bits of a slot's first word. */
const KEY_BIAS = 4096;
const KEY_BITS = 13;
const KEY_MASK = (1 << KEY_BITS) - 1;
const WORD = 2 ** 32;

/**
 * Counts by histogram key for one bucket: an open-addressing table in one typed array, because most buckets touch a few dozen of
 * the 4,481 possible keys. A slot has 8 bytes: the key with the high 19 bits of its count, then the low 32 bits; a free one is zero.
 */
export class BucketHistogram {
  #table = new Uint32Array(16);
  /** Last slot. Keys are placed by their low bits: those of one bucket lie close together, so that they seldom meet. */
  #mask = 7;
  #size = 0;

  /** Number of distinct keys. */
  get size(): number {
    return this.#size;
  }

  /** Adds `count` (a positive integer) to `key`, whose total stays within {@link MAX_KEY_COUNT}. */
  add(key: number, count: number): void {
    const table = this.#table;
    const tag = key + KEY_BIAS;
    let slot = tag & this.#mask;
    let at = 2 * slot;
    for (;;) {
      const found = table[at]! & KEY_MASK;
      if (found === tag) break;
      if (found === 0) {
        table[at] = tag;
        this.#size++;
        break;
      }
      slot = (slot + 1) & this.#mask;
      at = 2 * slot;
    }
    const low = table[at + 1]! + count;
    if (low < WORD) table[at + 1] = low;
    else {
      const high = (table[at]! >>> KEY_BITS) + Math.floor(low / WORD);
      table[at] = ((high << KEY_BITS) | tag) >>> 0;
      table[at + 1] = low % WORD;
    }
    if (this.#size * 4 > (this.#mask + 1) * 3) this.#grow();
  }

  /** All keys, increasing. */
  sortedKeys(): Int16Array {
    const keys = new Int16Array(this.#size);
    let n = 0;
    this.forEach((key) => {
      keys[n++] = key;
    });
    return keys.sort();
  }

  /** Count of `key`; 0 when it was never added. */
  count(key: number): number {
    const table = this.#table;
    const tag = key + KEY_BIAS;
    let slot = tag & this.#mask;
    for (;;) {
      const word = table[2 * slot]!;
      if ((word & KEY_MASK) === tag) return (word >>> KEY_BITS) * WORD + table[2 * slot + 1]!;
      if (word === 0) return 0;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** Visits each key with its count, in no particular order. */
  forEach(visit: (key: number, count: number) => void): void {
    const table = this.#table;
    for (let at = 0; at < table.length; at += 2) {
      const word = table[at]!;
      if (word !== 0) visit((word & KEY_MASK) - KEY_BIAS, (word >>> KEY_BITS) * WORD + table[at + 1]!);
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(old.length * 2);
    this.#mask = old.length - 1;
    for (let from = 0; from < old.length; from += 2) {
      const word = old[from]!;
      if (word === 0) continue;
      let slot = word & KEY_MASK & this.#mask;
      while (this.#table[2 * slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#table[2 * slot] = word;
      this.#table[2 * slot + 1] = old[from + 1]!;
    }
  }
}
