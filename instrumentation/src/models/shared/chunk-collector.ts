import type { CallAnswer } from '../../guard/types.js';

/** Puts a streamed answer together, without holding back a chunk. Never throws. */
export interface ChunkCollector {
  /** Sees each chunk once, in order. */
  add(chunk: unknown): void;
  /** What is known so far; the answer of the call once the stream has ended. */
  answer(): CallAnswer;
}
