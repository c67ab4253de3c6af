import type { RecordedCall } from '@guardspan/policy';
import type { CallSink } from '../engine/types.js';

/**
 * Passes calls to the engine and tells of those that another instrumentation saw in a service where our package does not run: they were
 * made and not guarded.
 */
export function withForeignCalls(
  sink: CallSink,
  isOurs: (service: string) => boolean,
  onForeign: (service: string, model: string, version: string) => void,
): CallSink {
  return {
    accept(calls: readonly RecordedCall[], receivedAt: number) {
      sink.accept(calls, receivedAt);
      for (const { sampled, call } of calls)
        if (sampled && !isOurs(call.service)) onForeign(call.service, call.model.name, call.model.version);
    },
    durable: () => sink.durable(),
  };
}
