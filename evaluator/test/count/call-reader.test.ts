import { createModelCall } from '@guardspan/policy';
import { expect, test } from 'vitest';
import { CallReaders } from '../../src/count/call-reader.js';
import { histogramKey } from '../../src/count/histogram-key.js';
import { groupOf } from './support.js';

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
  for (const durations of [[2], [3, 5], Array.from({ length: 40 }, (_, i) => i)]) {
    const group = groupOf(durations.map((duration) => ({ ...createModelCall(), duration })));
    readers.next();
    reads = 0;
    const { length } = durations;
    expect([...one.values(group).slice(0, length)]).toEqual(durations);
    expect([...same.values(group).slice(0, length)]).toEqual(durations);
    expect([...same.keys(group).slice(0, length)]).toEqual(durations.map(histogramKey));
    expect(reads).toBe(length);
  }
  readers.next();
  expect(one.values(groupOf([{ ...createModelCall(), streamed: true }]))[0]).toBeNaN();
});

test('keeps the readers it is told to and makes others anew', () => {
  const readers = new CallReaders();
  const kept = readers.of(signal('kept', () => undefined));
  const gone = readers.of(signal('gone', () => undefined));
  readers.retain([kept]);
  expect(readers.of(signal('kept', () => undefined))).toBe(kept);
  expect(readers.of(signal('gone', () => undefined))).not.toBe(gone);
});
