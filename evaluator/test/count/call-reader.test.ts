import { createModelCall } from '@guardspan/policy';
import { expect, test } from 'vitest';
import { CallReaders } from '../../src/count/call-reader.js';
import { histogramKey } from '../../src/count/histogram-key.js';

const signal = (expression: string, read: () => void) => ({
  name: expression,
  fn: 'sum' as const,
  q: NaN,
  confidence: 0.95,
  expression,
  among: ({ streamed }: { streamed: boolean }) => !streamed,
  of: ({ duration }: { duration: number }) => {
    read();
    return duration;
  },
});

test('reads a call once for all signals with the same expression, and each call anew', () => {
  let reads = 0;
  const readers = new CallReaders();
  const one = readers.of(signal('duration', () => reads++));
  const same = readers.of(signal('duration', () => reads++));
  const call = createModelCall();
  for (const duration of [2, 3]) {
    call.duration = duration;
    readers.next();
    expect([one.read(call), same.read(call), same.key(call)]).toEqual([duration, duration, histogramKey(duration)]);
  }
  expect(reads).toBe(2);
  call.streamed = true;
  readers.next();
  expect(one.read(call)).toBeNaN();
});

test('keeps the readers it is told to and makes others anew', () => {
  const readers = new CallReaders();
  const kept = readers.of(signal('kept', () => undefined));
  const gone = readers.of(signal('gone', () => undefined));
  readers.retain([kept]);
  expect(readers.of(signal('kept', () => undefined))).toBe(kept);
  expect(readers.of(signal('gone', () => undefined))).not.toBe(gone);
});
