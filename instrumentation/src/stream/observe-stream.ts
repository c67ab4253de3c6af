import type { CallAnswer, GuardedCall } from '../guard/types.js';
import { endWhenAbandoned, readByApplication } from './abandoned.js';

/** The stream object of the OpenAI family of clients: `tee()`, `toReadableStream()` and `for await` all read through `iterator`. */
export interface IterableStream {
  iterator: () => AsyncIterator<unknown>;
  controller?: AbortController;
}

/** Puts the answer together while the application reads. Neither method throws. */
export interface StreamObserver {
  add(chunk: unknown): void;
  /** `timeToFirst` in seconds, NaN when no chunk came. */
  answer(timeToFirst: number): CallAnswer;
}

/** True for an object that is read as {@link IterableStream}. */
export function isIterableStream(value: unknown): value is IterableStream {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { iterator?: unknown }).iterator === 'function' &&
    Symbol.asyncIterator in value
  );
}

/**
 * Watches a stream without reading ahead of the application, holding back a chunk or changing an error. The call ends with the stream: at
 * its end, at an early `break`, at a cut or an abort, and for a stream that nobody reads at its abort or when it is garbage.
 *
 * @param elapsed seconds since the request was sent
 */
export function observeStream(
  stream: IterableStream,
  guarded: GuardedCall,
  observer: StreamObserver,
  elapsed: () => number,
): void {
  const inner = stream.iterator;
  let started = false;
  stream.iterator = function iterator(this: unknown) {
    started = true;
    readByApplication(guarded);
    const chunks = observed(inner.call(stream), guarded, observer, elapsed);
    endWhenAbandoned(chunks, guarded);
    return chunks;
  };
  const signal = stream.controller?.signal;
  // The listener must not refer to the stream, or an abandoned one would stay reachable through its signal.
  signal?.addEventListener('abort', () => !started && guarded.end(), { once: true });
  endWhenAbandoned(stream, guarded);
}

async function* observed(
  inner: AsyncIterator<unknown>,
  guarded: GuardedCall,
  observer: StreamObserver,
  elapsed: () => number,
): AsyncGenerator<unknown, void, undefined> {
  let first = NaN;
  let cut = false;
  try {
    for await (const chunk of { [Symbol.asyncIterator]: () => inner }) {
      if (Number.isNaN(first)) first = elapsed();
      observer.add(chunk);
      yield chunk;
    }
  } catch (error) {
    cut = true;
    guarded.failed(error);
    throw error;
  } finally {
    if (!cut) {
      guarded.answered(observer.answer(first));
      guarded.end();
    }
  }
}
