import type { CallSource, RecordedCall } from '@guardspan/policy';
import { mayUseModel, mayUseService } from '../auth/roles.js';
import type { Principal } from '../auth/types.js';
import type { CallSink } from '../engine/types.js';
import { mapSpan } from './map/map-span.js';
import type { DecodedSpan } from './wire/decoded-span.js';

/** What every receiver tells and needs. */
export interface AcceptOptions {
  sink: CallSink;
  /** Wall clock, seconds. */
  now: () => number;
  /** Spans that were read, by convention; `ignored` are no model calls. */
  onSpans: (source: CallSource | 'ignored', count: number) => void;
  /** Spans that were refused. */
  onRejected: (reason: 'malformed' | 'too_large' | 'forbidden' | 'unavailable', count: number) => void;
}

/** What came of one request. */
export interface Accepted {
  /** Spans of services or models that the token may not speak for. */
  rejected: number;
  /** Plain sentence for the sender when something was rejected. */
  message: string;
}

/**
 * Maps the spans of one request, hands the calls to the sink all together, and waits until they are durable.
 * @param read calls its argument for each decoded span; throws IngestError when the request is malformed, and then nothing of it is counted
 * @throws IngestError as `read` does; the sink's error when the calls could not be made durable (count as retryable)
 */
export async function acceptSpans(
  read: (onSpan: (span: DecodedSpan) => void) => number,
  principal: Principal,
  options: AcceptOptions,
): Promise<Accepted> {
  const { counted, rejected } = count(read, principal, options);
  if (counted > 0) {
    try {
      await options.sink.durable();
    } catch (error) {
      options.onRejected('unavailable', counted);
      throw error;
    }
  }
  return { rejected, message: rejected > 0 ? 'the token may not speak for the service or model of some spans' : '' };
}

/** Apart from the wait, which would keep the calls of every request under way alive: copying them was most of the work of the garbage collector. */
function count(
  read: (onSpan: (span: DecodedSpan) => void) => number,
  principal: Principal,
  options: AcceptOptions,
): { counted: number; rejected: number } {
  const calls: RecordedCall[] = [];
  let rejected = 0;
  const restricted = principal.role === 'agent' && (principal.services.length > 0 || principal.models.length > 0);
  const total = read((span) => {
    const call = mapSpan(span);
    if (call === null) return;
    if (restricted && !(mayUseService(principal, call.call.service) && mayUseModel(principal, call.call.model.name)))
      rejected += 1;
    else calls.push(call);
  });
  tell(calls, total - calls.length - rejected, options);
  if (rejected > 0) options.onRejected('forbidden', rejected);
  if (calls.length > 0) options.sink.accept(calls, options.now());
  return { counted: calls.length, rejected };
}

function tell(calls: readonly RecordedCall[], ignored: number, options: AcceptOptions): void {
  if (ignored > 0) options.onSpans('ignored', ignored);
  let from = 0;
  // Requests are of one convention as a rule: one report for each run of equal sources.
  for (let index = 1; index <= calls.length; index++) {
    if (index === calls.length || calls[index]!.source !== calls[from]!.source) {
      options.onSpans(calls[from]!.source, index - from);
      from = index;
    }
  }
}
