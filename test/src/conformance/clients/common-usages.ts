import type { Usage } from './description.js';
import { chunksOf, CUT, MALFORMED, MODELS, PATIENCE, UNREAD } from './shared.js';

/** How one library does what all of them do. */
export interface Library<Client, Chunk> {
  /** A complete answer. `variant` tells calls that are made at once apart. */
  ask(client: Client, model: string, options?: { variant?: number; signal?: AbortSignal }): Promise<unknown>;
  /** A streamed answer. */
  stream(client: Client, model: string, options?: { signal?: AbortSignal }): Promise<AsyncIterable<Chunk>>;
  /** Texts of a streamed answer, put together. */
  textOf(chunks: readonly Chunk[]): unknown;
  /** False for a library that takes no signal for a call that is not streamed. */
  abortable: boolean;
  /** Ends a stream by the stream itself; absent where a signal does. */
  abort?(stream: AsyncIterable<Chunk>): void;
}

/** Usages that every library has, beside its own. */
export function commonUsages<Client, Chunk>(library: Library<Client, Chunk>): Usage<Client>[] {
  const { ask, stream, textOf } = library;
  const read = async (client: Client, model: string): Promise<unknown> => ({
    text: textOf(await chunksOf(await stream(client, model))),
  });
  const abortable = async (client: Client, model: string): Promise<[AsyncIterable<Chunk>, () => void]> => {
    const abort = new AbortController();
    const open = await stream(client, model, { signal: abort.signal });
    return [open, () => (library.abort ? library.abort(open) : abort.abort())];
  };
  const usages: Usage<Client>[] = [
    { name: 'a complete answer', run: (client) => ask(client, MODELS.good) },
    { name: 'stream read to its end', run: (client) => read(client, MODELS.good) },
    {
      name: 'stream left by break',
      partial: true,
      run: async (client) => {
        for await (const chunk of await stream(client, MODELS.good)) return { chunk };
        return null;
      },
    },
    {
      name: UNREAD,
      partial: true,
      run: async (client) => typeof (await stream(client, MODELS.good))[Symbol.asyncIterator],
    },
    {
      name: 'stream aborted while it is read',
      partial: true,
      run: async (client) => {
        const [open, abort] = await abortable(client, MODELS.open);
        let chunks = 0;
        for await (const _ of open) if (++chunks === 1) abort();
        // How many more had arrived by then is a matter of time.
        return chunks > 0;
      },
    },
    {
      name: 'three calls at once',
      calls: 3,
      run: (client) => Promise.all([1, 2, 3].map((variant) => ask(client, MODELS.good, { variant }))),
    },
    {
      name: 'a call while a stream is read',
      calls: 2,
      run: async (client) => {
        const chunks: Chunk[] = [];
        let inner: unknown = null;
        for await (const chunk of await stream(client, MODELS.good)) {
          chunks.push(chunk);
          inner ??= await ask(client, MODELS.good);
        }
        return { inner, text: textOf(chunks) };
      },
    },
    {
      name: 'a call in the then of another',
      calls: 2,
      run: (client) => ask(client, MODELS.good).then(() => ask(client, MODELS.good)),
    },
    { name: 'HTTP 500', partial: true, run: (client) => ask(client, MODELS.error) },
    { name: 'HTTP 500 for a stream', partial: true, run: (client) => read(client, MODELS.error) },
    { name: CUT, partial: true, run: (client) => read(client, MODELS.cut) },
    { name: MALFORMED, partial: true, run: (client) => read(client, MODELS.malformed) },
  ];
  if (library.abortable) {
    usages.push({
      name: 'a call aborted by signal',
      partial: true,
      waits: true,
      run: (client) => {
        const abort = new AbortController();
        setTimeout(() => abort.abort(), PATIENCE);
        return ask(client, MODELS.never, { signal: abort.signal });
      },
    });
  }
  return usages;
}
