import { GEN_AI } from '@guardspan/policy/runtime';
import type { StreamObserver } from '../../stream/observe-stream.js';
import type { ChunkCollector } from './chunk-collector.js';

/** A collector as the observer of a stream: its answer knows when the first chunk came. */
export function observerOf(collector: ChunkCollector): StreamObserver {
  return {
    add: (chunk) => collector.add(chunk),
    answer: (timeToFirst) => {
      const known = collector.answer();
      if (Number.isNaN(timeToFirst)) return known;
      const spanAttributes = { ...known.spanAttributes, [GEN_AI.RESPONSE_TIME_TO_FIRST_CHUNK]: timeToFirst };
      return { ...known, timeToFirst, spanAttributes };
    },
  };
}
