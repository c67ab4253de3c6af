import type { DecisionRecord } from '@guardspan/policy/runtime';
import { describe, expect, it } from 'vitest';
import { DecisionLog } from '../../src/guard/decision-log.js';

const MAX_BYTES = 1 << 20;

const record = (callId: string): DecisionRecord => ({
  traceId: '',
  spanId: '',
  callId,
  at: 0,
  model: '',
  modelVersion: '',
  action: 'deny',
  disposition: 'enforced',
  verdicts: [],
  directive: '',
  rerouteTo: '',
  redactions: 0,
});
const filled = (count: number, capacity?: number): DecisionLog => {
  const log = new DecisionLog(capacity);
  for (let i = 1; i <= count; i++) log.add(record(String(i)));
  return log;
};

describe('decision log', () => {
  it('sends in batches, numbered without gaps', () => {
    const log = filled(5);
    expect(log.take(3, MAX_BYTES)).toMatchObject({ seq: 3, dropped: 0 });
    expect(log.take(3, MAX_BYTES)).toMatchObject({ seq: 5, dropped: 0 });
    expect(log.take(3, MAX_BYTES)).toBeNull();
  });

  it('sends fewer records where a message would be larger than the evaluator takes, and each of them once', () => {
    const log = filled(100);
    const size = (message: unknown): number => Buffer.byteLength(JSON.stringify(message));
    const maxBytes = 3 * size(record('100'));
    const seen: string[] = [];
    for (let message = log.take(100, maxBytes); message !== null; message = log.take(100, maxBytes)) {
      expect(size(message)).toBeLessThanOrEqual(maxBytes);
      seen.push(...message.records.map(({ callId }) => callId));
      expect(message).toMatchObject({ seq: seen.length, dropped: 0 });
    }
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => String(i + 1)));
  });

  it('sends a record alone when even that is larger than the bound', () => {
    const log = filled(2);
    expect(log.take(2, 1)).toMatchObject({ seq: 1 });
    expect(log.take(2, 1)).toMatchObject({ seq: 2 });
  });

  it('sends again on a new connection what was not confirmed', () => {
    const log = filled(5);
    log.take(5, MAX_BYTES);
    log.confirm(2);
    log.rewind();
    const again = log.take(5, MAX_BYTES)!;
    expect(again.seq).toBe(5);
    expect(again.records.map(({ callId }) => callId)).toEqual(['3', '4', '5']);
    expect(again.dropped).toBe(0);
  });

  it('says how many numbers are missing when it overflowed', () => {
    const log = filled(25, 10);
    const message = log.take(100, MAX_BYTES)!;
    expect(message.seq).toBe(25);
    expect(message.dropped).toBe(25 - message.records.length);
    expect(message.records.at(-1)!.callId).toBe('25');
    expect(log.dropped).toBe(message.dropped);
    log.confirm(25);
    expect(log.size).toBe(0);
    log.add(record('26'));
    expect(log.take(100, MAX_BYTES)).toMatchObject({ seq: 26, dropped: 0 });
  });

  it('ignores a confirmation of the past', () => {
    const log = filled(3);
    log.take(3, MAX_BYTES);
    log.confirm(3);
    log.confirm(1);
    expect(log.size).toBe(0);
    log.add(record('4'));
    expect(log.take(3, MAX_BYTES)).toMatchObject({ seq: 4, dropped: 0 });
  });
});
