import { BUCKET_FORMAT } from './write-bucket.js';
import { BucketHistogram, MAX_KEY_COUNT } from './bucket-histogram.js';
import type { BucketRow } from './bucket-window.js';
import { MAX_HISTOGRAM_KEY } from './histogram-key.js';
import type { Layout } from './layout.js';

/** Reads the form of {@link writeBucket}; undefined when it is damaged or of another layout. */
export function decodeBucket(bytes: Uint8Array, bucket: number, layout: Layout): BucketRow | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counters = layout.width - 1;
  let at = 3 + counters * 8;
  if (bytes.length < at || view.getUint8(0) !== BUCKET_FORMAT || view.getUint16(1, true) !== counters) return undefined;
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
  return at === bytes.length ? { bucket, counters: values, offset: 0, histograms } : undefined;
}
