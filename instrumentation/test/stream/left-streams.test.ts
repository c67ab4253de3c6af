import { describe, expect, it } from 'vitest';
import { readableStream } from '../../src/models/promised/readable-stream.js';
import { observeStream } from '../../src/stream/observe-stream.js';
import { callStart, makeCore } from '../guard/fakes.js';

/** A stream of three chunks, watched as adapters do; `left` hears how the one of the client is left. */
function watched(): { stream: { iterator(): AsyncIterator<unknown> }; fed: unknown[]; left: unknown[] } {
  const { core, fed } = makeCore();
  const left: unknown[] = [];
  let at = 0;
  const stream = {
    iterator: (): AsyncIterator<unknown> => ({
      next: () => Promise.resolve(at < 3 ? { done: false, value: at++ } : { done: true, value: undefined }),
      return: (value) => {
        left.push(value);
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
  const observer = { add: () => undefined, answer: () => ({}) };
  observeStream(stream, core.begin(callStart({ streamed: true })), observer, () => 0, null);
  return { stream, fed, left };
}

describe('a stream that is left', () => {
  it('before anything of it is read ends its call, and the stream of the client is left with the same word', async () => {
    const { stream, fed, left } = watched();
    const chunks = stream.iterator();
    expect(await chunks.return?.('enough')).toEqual({ done: true, value: 'enough' });
    expect(left).toEqual(['enough']);
    expect(fed).toHaveLength(1);
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
    expect(fed).toHaveLength(1);
  });

  it('after a part of it was read ends its call once', async () => {
    const { stream, fed, left } = watched();
    const chunks = stream.iterator();
    expect(await chunks.next()).toEqual({ done: false, value: 0 });
    await chunks.return?.();
    expect(left).toHaveLength(1);
    expect(fed).toHaveLength(1);
  });

  it('by cancelling a ReadableStream that nobody read ends its call, and cancels that of the client', async () => {
    const cancelled: unknown[] = [];
    const own = new ReadableStream({ cancel: (reason) => void cancelled.push(reason) }, { highWaterMark: 0 });
    const answer = readableStream(own)!;
    const { core, fed } = makeCore();
    const source = { iterator: () => answer.read() };
    const observer = { add: () => undefined, answer: () => ({}) };
    observeStream(source, core.begin(callStart({ streamed: true })), observer, () => 0, null);
    const given = answer.replace(() => source.iterator()) as ReadableStream;
    await given.cancel('enough');
    expect(cancelled).toEqual(['enough']);
    expect(fed).toHaveLength(1);
  });
});
