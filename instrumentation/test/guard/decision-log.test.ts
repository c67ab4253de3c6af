import type { DecisionRecord } from '@guardspan/policy/runtime';
import { describe, expect, it } from 'vitest';
import { DecisionLog } from '../../src/guard/decision-log.js';

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
    expect(log.take(3)).toMatchObject({ seq: 3, dropped: 0 });
    expect(log.take(3)).toMatchObject({ seq: 5, dropped: 0 });
    expect(log.take(3)).toBeNull();
  });

  it('sends again on a new connection what was not confirmed', () => {
    const log = filled(5);
    log.take(5);
    log.confirm(2);
    log.rewind();
    const again = log.take(5)!;
    expect(again.seq).toBe(5);
    expect(again.records.map(({ callId }) => callId)).toEqual(['3', '4', '5']);
    expect(again.dropped).toBe(0);
  });

  it('says how many numbers are missing when it overflowed', () => {
    const log = filled(25, 10);
    const message = log.take(100)!;
    expect(message.seq).toBe(25);
    expect(message.dropped).toBe(25 - message.records.length);
    expect(message.records.at(-1)!.callId).toBe('25');
    expect(log.dropped).toBe(message.dropped);
    log.confirm(25);
    expect(log.size).toBe(0);
    log.add(record('26'));
    expect(log.take(100)).toMatchObject({ seq: 26, dropped: 0 });
  });

  it('ignores a confirmation of the past', () => {
    const log = filled(3);
    log.take(3);
    log.confirm(3);
    log.confirm(1);
    expect(log.size).toBe(0);
    log.add(record('4'));
    expect(log.take(3)).toMatchObject({ seq: 4, dropped: 0 });
  });
});
