import type { BlockWriter, BucketPlace } from './block-writer.js';
import type { BucketRow } from './bucket-window.js';

/** First byte of the binary form. */
export const BUCKET_FORMAT = 1;

const HEADER = 3;
const COUNTER = 8;
const LENGTH = 4;
const ENTRY = 10;

/**
 * Writes the binary form of a bucket's totals (docs/counting.md), little-endian: version (u8), number of counters (u16), counters (f64 each, exact
 * integers), then for each histogram the number of entries (u32) and entries of key (i16) and count (f64), by increasing key. `counters` is their number.
 */
export function writeBucket(writer: BlockWriter, place: BucketPlace, row: BucketRow, counters: number): void {
  const { histograms, offset } = row;
  let size = HEADER + counters * COUNTER;
  for (let h = 0; h < histograms.length; h++) size += LENGTH + (histograms[h]?.size ?? 0) * ENTRY;
  let at = writer.place(place, size);
  const { view } = writer;
  view.setUint8(at, BUCKET_FORMAT);
  view.setUint16(at + 1, counters, true);
  at += HEADER;
  for (let i = 1; i <= counters; i++, at += COUNTER) view.setFloat64(at, row.counters[offset + i]!, true);
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
}
