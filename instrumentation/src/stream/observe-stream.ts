import type { CallAnswer, GuardedCall } from '../guard/types.js';
import type { GuardrailDeniedError } from '../actions/errors.js';
import { endWhenAbandoned, readByApplication } from './abandoned.js';

/** The stream object of the OpenAI family of clients: `tee()`, `toReadableStream()` and `for await` all read through `iterator`. */
export interface IterableStream {
  iterator: () => AsyncIterator<unknown>;
  controller?: Pick<AbortController, 'abort' | 'signal'>;
}

/** Puts the answer together while the application reads. Neither method throws. */
export interface StreamObserver {
  add(chunk: unknown): void;
  /** `timeToFirst` in seconds, NaN when no chunk came. */
  answer(timeToFirst: number): CallAnswer;
}

/** Sends the texts of a streamed answer through its guard. Neither method throws. */
export interface ChunkRewriter {
  /** What to give to the application for one chunk of the provider, in order. */
  rewrite(chunk: unknown): unknown[];
  /** What is left at the end of the stream. */
  finish(): unknown[];
  /** The error with which the stream has to end; null while it may go on. */
  readonly refusal: GuardrailDeniedError | null;
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
 * Watches a stream without reading ahead of the application or changing an error; with a rewriter, chunks pass through it, and a refusal ends the
 * stream and the request. The call ends with the stream: at
 * its end, at an early `break`, at a cut or an abort, and for a stream that nobody reads at its abort or when it is garbage.
 *
 * @param elapsed seconds since the request was sent
 */
export function observeStream(
  stream: IterableStream,
  guarded: GuardedCall,
  observer: StreamObserver,
  elapsed: () => number,
  rewriter: ChunkRewriter | null,
): void {
  const inner = stream.iterator;
  const { controller } = stream;
  let started = false;
  stream.iterator = function iterator(this: unknown) {
    started = true;
    readByApplication(guarded);
    const chunks = observed({
      inner: inner.call(stream),
      guarded,
      observer,
      elapsed,
      rewriter,
      abort: () => controller?.abort(),
      aborted: () => controller?.signal.aborted === true,
    });
    endWhenAbandoned(chunks, guarded);
    return chunks;
  };
  const signal = controller?.signal;
  // The listener must not refer to the stream, or an abandoned one would stay reachable through its signal.
  signal?.addEventListener('abort', () => !started && guarded.end(), { once: true });
  endWhenAbandoned(stream, guarded);
}

interface Observed {
  inner: AsyncIterator<unknown>;
  guarded: GuardedCall;
  observer: StreamObserver;
  elapsed: () => number;
  rewriter: ChunkRewriter | null;
  /** Ends the request, so that the provider stops. */
  abort: () => void;
  /** True when the application has ended the request: what is held back is not handed out any more. */
  aborted: () => boolean;
}

/** The chunks of a stream as the application reads them. Who leaves them before the first one begins no generator, whose `finally` would then not run. */
function observed(parts: Observed): AsyncGenerator<unknown, void, undefined> {
  const { inner, guarded } = parts;
  let begun = false;
  const chunks = readThrough(parts, () => (begun = true));
  const leave = chunks.return.bind(chunks);
  chunks.return = async (value) => {
    if (begun) return leave(value);
    begun = true;
    guarded.end();
    await inner.return?.(value);
    return leave(value);
  };
  return chunks;
}

async function* readThrough(parts: Observed, begin: () => void): AsyncGenerator<unknown, void, undefined> {
  const { inner, guarded, observer, elapsed, rewriter, abort, aborted } = parts;
  begin();
  let first = NaN;
  let cut = false;
  try {
    for await (const chunk of { [Symbol.asyncIterator]: () => inner }) {
      if (Number.isNaN(first)) first = elapsed();
      for (const released of rewriter === null ? [chunk] : rewriter.rewrite(chunk)) {
        observer.add(released);
        yield released;
      }
      if (rewriter?.refusal) throw rewriter.refusal;
    }
    for (const released of aborted() ? [] : (rewriter?.finish() ?? [])) {
      observer.add(released);
      yield released;
    }
    if (rewriter?.refusal) throw rewriter.refusal;
  } catch (error) {
    cut = true;
    guarded.failed(error);
    if (error === rewriter?.refusal) abort();
    throw error;
  } finally {
    if (!cut) {
      guarded.answered(observer.answer(first));
      // What was read cannot be taken back; the record waits, so that it says what the checks found.
      if (guarded.after) await guarded.after;
      guarded.end();
    }
  }
}
