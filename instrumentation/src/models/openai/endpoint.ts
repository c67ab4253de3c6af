import type { TextPart } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';

/** JSON as it comes and goes, of unknown shape. */
export type Json = { [key: string]: unknown };

/** Puts a streamed answer together, without holding back a chunk. Never throws. */
export interface ChunkCollector {
  /** Sees each chunk once, in order. */
  add(chunk: unknown): void;
  /** What is known so far; the answer of the call once the stream has ended. */
  answer(): CallAnswer;
}

/** What differs between the endpoints of an OpenAI-compatible client. All functions are pure and take whatever the application passed. */
export interface Endpoint {
  /** Path of the resource on a client and on its class. */
  path: readonly string[];
  /** `gen_ai.operation.name`. */
  operation: string;
  kind: 'llm' | 'embedding';
  /** Every text of the request; paths lead into the parameters. */
  requestTexts(params: Json): TextPart[];
  /** What a complete answer says; text paths lead into it. */
  answer(data: Json): CallAnswer;
  /** Brings copies of redacted text up to date. */
  afterRedaction?(data: Json): void;
  /** Null for an endpoint that cannot stream. */
  collector: (() => ChunkCollector) | null;
  /** Sends a streamed answer to a request through a guard; null for an endpoint that cannot stream. */
  rewriter: ((guard: StreamGuard, params: Json) => ChunkRewriter) | null;
}

/** The object at a path of keys, or undefined. */
export function resourceAt(root: unknown, path: readonly string[]): unknown {
  let node = root;
  for (const key of path) {
    if ((typeof node !== 'object' && typeof node !== 'function') || node === null) return undefined;
    node = (node as Json)[key];
  }
  return node;
}
