import { createModelCall, type ModelCall } from '@guardspan/policy';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockWriter } from '../../src/count/block-writer.js';
import { BucketWindow, MAX_VALUE } from '../../src/count/bucket-window.js';
import { CallReaders } from '../../src/count/call-reader.js';
import { decodeBucket } from '../../src/count/decode-bucket.js';
import { layoutOf } from '../../src/count/layout.js';
import { rowsOf } from '../../src/count/rows-of.js';
import { writeBucket } from '../../src/count/write-bucket.js';
import { groupOf } from './support.js';

const readers = new CallReaders();
const layout = layoutOf(
  (['ratio', 'sum', 'quantile'] as const).map((fn) => ({
    name: fn,
    fn,
    q: 0.9,
    confidence: 0.95,
    expression: fn === 'ratio' ? 'streamed' : 'duration',
    among: () => true,
    of: fn === 'ratio' ? ({ streamed }: ModelCall) => (streamed ? 1 : 0) : ({ duration }: ModelCall) => duration,
  })),
  readers,
);
const event = fc.record({
  bucket: fc.integer({ min: 0, max: 12 }),
  streamed: fc.boolean(),
  duration: fc.oneof(fc.constant(NaN), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
});
type Event = { bucket: number; streamed: boolean; duration: number };

function counted(events: readonly Event[]): BucketWindow {
  const window = new BucketWindow(layout);
  for (const { bucket, ...fields } of events) add(window, fields, bucket);
  return window;
}

function add(window: BucketWindow, fields: Partial<ModelCall>, bucket: number): number {
  readers.next();
  return window.add(groupOf([{ ...createModelCall(), ...fields }]), 0, 1, bucket);
}

function totals(window: BucketWindow): number[] {
  return Array.from({ length: layout.width }, (_, slot) => window.total(slot));
}

function stored(window: BucketWindow): [number, Uint8Array][] {
  const writer = new BlockWriter('r');
  window.takeDirty((row) => {
    writeBucket(writer, { series: 's', bucket: row.bucket, arm: 'model' }, row, layout.width - 1);
  });
  const rows = [...rowsOf(writer.take())].map(({ bucket, totals }): [number, Uint8Array] => [bucket, totals]);
  return rows.sort((a, b) => a[0] - b[0]);
}

test('merging the parts of a split gives the bytes of the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.integer({ min: 0, max: 2 }))), (events) => {
      const merged = new BucketWindow(layout);
      for (const part of [2, 0, 1]) {
        const rows = stored(counted(events.filter(([, p]) => p === part).map(([e]) => e)));
        for (const [bucket, bytes] of rows) merged.merge(decodeBucket(bytes, bucket, layout)!);
      }
      const whole = counted(events.map(([e]) => e));
      expect(totals(merged)).toEqual(totals(whole));
      expect(stored(merged)).toEqual(stored(whole));
    }),
  );
});

test('calls that are counted together count as they do one by one', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 40 }), fc.nat(), (events, at) => {
      const together = new BucketWindow(layout);
      const cut = at % (events.length + 1);
      const group = groupOf(events.map(({ bucket: _, ...fields }) => ({ ...createModelCall(), ...fields })));
      readers.next();
      let refused = cut > 0 ? together.add(group, 0, cut, 1) : 0;
      if (cut < events.length) refused += together.add(group, cut, events.length, 1);
      const single = new BucketWindow(layout);
      for (const { bucket: _, ...fields } of events) refused -= add(single, fields, 1);
      expect(refused).toBe(0);
      expect(totals(together)).toEqual(totals(single));
      expect(stored(together)).toEqual(stored(single));
    }),
  );
});

test('expiry leaves exactly what the remaining buckets hold', () => {
  fc.assert(
    fc.property(fc.array(event), fc.integer({ min: 0, max: 13 }), (events, oldest) => {
      const window = counted(events);
      window.expire(oldest, 0);
      const rest = counted(events.filter(({ bucket }) => bucket >= oldest));
      expect(totals(window)).toEqual(totals(rest));
      expect(window.histograms[0]!.quantile(0.9)).toEqual(rest.histograms[0]!.quantile(0.9));
    }),
  );
});

test('refuses values that would make a sum inexact', () => {
  const window = new BucketWindow(layout);
  expect(add(window, { duration: MAX_VALUE * 2 }, 0)).toBe(1);
  expect(add(window, { duration: Infinity }, 0)).toBe(1);
  let refused = 0;
  for (let i = 0; i < 9000; i++) refused += add(window, { duration: MAX_VALUE }, 0);
  expect(refused).toBe(9000 - 8191);
  expect(totals(window).every(Number.isSafeInteger)).toBe(true);
});

test('refuses damaged bytes', () => {
  const [[, bytes]] = stored(counted([{ bucket: 1, streamed: true, duration: 2 }])) as [[number, Uint8Array]];
  for (let length = 0; length < bytes.length; length++) {
    expect(decodeBucket(bytes.subarray(0, length), 1, layout)).toBeUndefined();
  }
});
