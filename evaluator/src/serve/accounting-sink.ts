import type { RecordedCall } from '@guardspan/policy';
import type { CallSink } from '../engine/types.js';

/** Who is told of calls beside the engine. */
export interface Accounts {
  /** Whether our package runs in a service. */
  isOurs: (service: string) => boolean;
  /** A span of another instrumentation in a service where our package does not run: a call that was made and not guarded. */
  foreign: (service: string, model: string, version: string) => void;
  /** Calls to count by model. */
  count: (calls: readonly RecordedCall[], receivedAt: number) => void;
}

/** Passes calls to the engine, and then to those who count them for coverage and metrics. */
export function withAccounts(sink: CallSink, { isOurs, foreign, count }: Accounts): CallSink {
  return {
    accept(calls: readonly RecordedCall[], receivedAt: number) {
      sink.accept(calls, receivedAt);
      // The user's own spans of a service that has our package tell of the same calls as its feed.
      const told = calls.some(({ sampled, call }) => sampled && isOurs(call.service))
        ? calls.filter(({ sampled, call }) => !sampled || !isOurs(call.service))
        : calls;
      for (const { sampled, call } of told) if (sampled) foreign(call.service, call.model.name, call.model.version);
      // A call that has not ended is told of once more when it has.
      count(told.some(({ open }) => open === true) ? told.filter(({ open }) => open !== true) : told, receivedAt);
    },
    durable: () => sink.durable(),
  };
}
