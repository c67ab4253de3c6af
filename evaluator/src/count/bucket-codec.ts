import { BucketHistogram, MAX_KEY_COUNT } from './bucket-histogram.js';
import type { BucketRow } from './bucket-window.js';
import { MAX_HISTOGRAM_KEY } from './histogram-key.js';
import type { Layout } from './layout.js';

const VERSION = 1;
const NO_KEYS = new Int16Array(0);

/**
 * Binary form of one bucket's totals (docs/counting.md), little-endian: version (u8), number of counters (u16), counters (f64 each, exact
 * integers), then for each histogram the number of entries (u32) and entries of key (i16) and count (f64), by increasing key.
 */
export function encodeBucket(row: BucketRow): Uint8Array {
  const counters = row.counters.length - 1;
  const keys = row.histograms.map((histogram) => histogram?.sortedKeys() ?? NO_KEYS);
  const size = 3 + counters * 8 + keys.reduce((sum, list) => sum + 4 + list.length * 10, 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION);
  view.setUint16(1, counters, true);
  let at = 3;
  for (let i = 1; i <= counters; i++, at += 8) view.setFloat64(at, row.counters[i]!, true);
  for (let h = 0; h < keys.length; h++) {
    const list = keys[h]!;
    view.setUint32(at, list.length, true);
    at += 4;
    for (let i = 0; i < list.length; i++, at += 10) {
      view.setInt16(at, list[i]!, true);
      view.setFloat64(at + 2, row.histograms[h]!.count(list[i]!), true);
    }
  }
  return bytes;
}

/** Reads {@link encodeBucket}'s form; undefined when it is damaged or of another layout. */
export function decodeBucket(bytes: Uint8Array, bucket: number, layout: Layout): BucketRow | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counters = layout.width - 1;
  let at = 3 + counters * 8;
  if (bytes.length < at || view.getUint8(0) !== VERSION || view.getUint16(1, true) !== counters) return undefined;
  const values = new Float64Array(layout.width);
  for (let i = 1; i <= counters; i++) {
    const value = view.getFloat64(3 + (i - 1) * 8, true);
    if (!Number.isSafeInteger(value)) return undefined;
    values[i] = value;
  }
  const histograms: BucketHistogram[] = [];
  for (let h = 0; h < layout.histograms; h++) {
    if (bytes.length < at + 4) return undefined;
    const length = view.getUint32(at, true);
    at += 4;
    if (bytes.length < at + length * 10) return undefined;
    const histogram = new BucketHistogram();
    for (let i = 0; i < length; i++, at += 10) {
      const count = view.getFloat64(at + 2, true);
      const key = view.getInt16(at, true);
      if (!Number.isSafeInteger(count) || count <= 0 || count > MAX_KEY_COUNT) return undefined;
      if (Math.abs(key) > MAX_HISTOGRAM_KEY) return undefined;
      histogram.add(key, count);
    }
    histograms.push(histogram);
  }
  return at === bytes.length ? { bucket, counters: values, histograms } : undefined;
}
