import type { ModelCall } from '@guardspan/policy';
import { CallGroup } from '../../src/count/call-group.js';

/** A group of these calls, which all start at the same time. */
export function groupOf(calls: readonly ModelCall[]): CallGroup {
  const group = new CallGroup();
  const records = calls.map((call) => ({
    call,
    id: { traceId: '', spanId: '', callId: '' },
    source: 'feed' as const,
    sampled: false,
    instance: '',
    incarnation: '',
  }));
  records.forEach(({ call }, place) => group.add(records, place, call.startedAt));
  return group;
}
