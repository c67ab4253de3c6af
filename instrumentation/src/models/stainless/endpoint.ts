import type { Redaction, TextPart } from '@guardspan/policy/runtime';
import type { CallAnswer, GuardedCall } from '../../guard/types.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import type { Json } from '../shared/json.js';

/** One of the clients that share a code generator: promises, streams and resources look the same in all of them. */
export interface ClientFamily {
  /** Name of the client, also `guardspan.model.framework`. */
  client: string;
  /** `gen_ai.provider.name` when the address says nothing else. */
  provider: string;
  /** Makes spans that the client starts by itself one with ours; absent for a client without spans of its own. */
  withoutOwnSpan?: (client: unknown, guarded: GuardedCall, options: unknown) => void;
}

/** What differs between the endpoints of the clients. All functions are pure and take whatever the application passed. */
export interface Endpoint {
  family: ClientFamily;
  /** Path of the resource on a client and on its class. */
  path: readonly string[];
  /** Default `create`. */
  method?: string;
  /** `gen_ai.operation.name`. */
  operation: string;
  kind: 'llm' | 'embedding' | 'other';
  /** Every text of the request; paths lead into the parameters. */
  requestTexts(params: Json): TextPart[];
  /** What a complete answer says; text paths lead into it. An answer that is nothing but a text is read as `{ text }`. */
  answer(data: Json): CallAnswer;
  /** Brings copies of redacted texts up to date. */
  afterRedaction?(data: Json, redactions: readonly Pick<Redaction, 'path'>[]): void;
  /** Null for an endpoint that cannot stream. */
  collector: (() => ChunkCollector) | null;
  /** Sends a streamed answer to a request through a guard; null for an endpoint that cannot stream. */
  rewriter: ((guard: StreamGuard, params: Json) => ChunkRewriter) | null;
}
