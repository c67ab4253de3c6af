const EMPTY = NaN;

/**
 * Counts by histogram key for one bucket: an open-addressing table in one typed array, because most buckets touch a few dozen of
 * the 4,481 possible keys.
 */
export class BucketHistogram {
  #table = new Float64Array(16).fill(EMPTY);
  #mask = 7;
  #size = 0;

  /** Number of distinct keys. */
  get size(): number {
    return this.#size;
  }

  /** Adds `count` (a positive integer) to `key`. */
  add(key: number, count: number): void {
    const table = this.#table;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 16) & this.#mask;
    for (;;) {
      const at = table[2 * slot]!;
      if (at === key) {
        table[2 * slot + 1]! += count;
        return;
      }
      if (at !== at) break;
      slot = (slot + 1) & this.#mask;
    }
    table[2 * slot] = key;
    table[2 * slot + 1] = count;
    if (++this.#size * 4 > (this.#mask + 1) * 3) this.#grow();
  }

  /** All keys, increasing. */
  sortedKeys(): Int16Array {
    const keys = new Int16Array(this.#size);
    let n = 0;
    for (let i = 0; i < this.#table.length; i += 2) {
      const key = this.#table[i]!;
      if (key === key) keys[n++] = key;
    }
    return keys.sort();
  }

  /** Count of `key`; 0 when it was never added. */
  count(key: number): number {
    const table = this.#table;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 16) & this.#mask;
    for (;;) {
      const at = table[2 * slot]!;
      if (at === key) return table[2 * slot + 1]!;
      if (at !== at) return 0;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** Visits each key with its count, in no particular order. */
  forEach(visit: (key: number, count: number) => void): void {
    const table = this.#table;
    for (let i = 0; i < table.length; i += 2) {
      const key = table[i]!;
      if (key === key) visit(key, table[i + 1]!);
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Float64Array(old.length * 2).fill(EMPTY);
    this.#mask = old.length - 1;
    this.#size = 0;
    for (let i = 0; i < old.length; i += 2) {
      const key = old[i]!;
      if (key === key) this.add(key, old[i + 1]!);
    }
  }
}
