import type { BucketRow } from './bucket-window.js';

/** First byte of the binary form. */
export const BUCKET_FORMAT = 1;

const HEADER = 3;
const COUNTER = 8;
const LENGTH = 4;
const ENTRY = 10;
/** Bytes of the first block, and of the largest that is shared. */
const FIRST_BLOCK = 2048;
const MAX_BLOCK = 256 * 1024;

/**
 * Writes the binary form of buckets' totals (docs/counting.md), little-endian: version (u8), number of counters (u16), counters (f64 each, exact
 * integers), then for each histogram the number of entries (u32) and entries of key (i16) and count (f64), by increasing key. One encoder serves one guard-rail of one checkpoint: its
 * rows share a few blocks of memory, because a block for each of thousands of rows cost more than writing them.
 */
export class BucketEncoder {
  #block = new Uint8Array(0);
  #view = new DataView(this.#block.buffer);
  #used = 0;
  #next = FIRST_BLOCK;

  /** The form of one row: a part of a block that nothing else writes to. */
  encode(row: BucketRow): Uint8Array {
    const { counters, histograms } = row;
    let size = HEADER + (counters.length - 1) * COUNTER;
    for (let h = 0; h < histograms.length; h++) size += LENGTH + (histograms[h]?.size ?? 0) * ENTRY;
    const from = this.#take(size);
    const view = this.#view;
    view.setUint8(from, BUCKET_FORMAT);
    view.setUint16(from + 1, counters.length - 1, true);
    let at = from + HEADER;
    for (let i = 1; i < counters.length; i++, at += COUNTER) view.setFloat64(at, counters[i]!, true);
    for (let h = 0; h < histograms.length; h++) {
      const histogram = histograms[h];
      view.setUint32(at, histogram?.size ?? 0, true);
      at += LENGTH;
      if (histogram === undefined) continue;
      const keys = histogram.sortedKeys();
      for (let i = 0; i < keys.length; i++, at += ENTRY) {
        view.setInt16(at, keys[i]!, true);
        view.setFloat64(at + 2, histogram.count(keys[i]!), true);
      }
    }
    return this.#block.subarray(from, at);
  }

  /** Place of `size` bytes in the current block, which is a new one when the last is full. */
  #take(size: number): number {
    if (this.#used + size > this.#block.length) {
      this.#block = new Uint8Array(Math.max(this.#next, size));
      this.#view = new DataView(this.#block.buffer);
      this.#used = 0;
      this.#next = Math.min(MAX_BLOCK, this.#next * 4);
    }
    const from = this.#used;
    this.#used = from + size;
    return from;
  }
}
