import type { ModelKind, Redaction, TextPart } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import type { Json } from '../shared/json.js';
import type { Server } from '../shared/server.js';

/** The parameters of one call, and how changed ones are sent. */
export interface MethodRequest {
  params: Json;
  /** Arguments with other parameters; the caller's objects stay as they are. */
  args(params: Json): unknown[];
}

/** A complete answer; text paths lead into `data`. */
export interface MethodAnswer {
  data: Json;
  /** Puts `data` back where the client gives it as something else than an object (bytes). */
  put?(): void;
}

/** A streamed answer: how it is read, and how the application gets the guarded one in its place. */
export interface AnswerStream {
  /** Begins to read the client's own stream. */
  read(): AsyncIterator<unknown>;
  /** By which the application ends the request, and we do when the answer is refused. */
  controller?: Pick<AbortController, 'abort' | 'signal'> | undefined;
  /** Gives what the application gets as the result. `guarded` begins to read the guarded stream. */
  replace(guarded: () => AsyncIterator<unknown>): unknown;
}

/** One method of a client that returns ordinary promises. All functions are pure and take whatever the application passed. */
export interface MethodEndpoint {
  /** Name of the client, also `guardspan.model.framework`. */
  client: string;
  /** The method's object on a client, for targets that are other clients. */
  objectIn(client: unknown): unknown;
  method: string;
  /** `gen_ai.operation.name`. */
  operation: string;
  kind: ModelKind;
  /** The request does not name the model, so a target cannot be another one: calls are not rerouted by parameters. */
  addressed?: boolean;
  /** Undefined: not a call that is guarded here. */
  request(args: readonly unknown[]): MethodRequest | undefined;
  modelOf(params: Json): string;
  streamed(params: Json): boolean;
  /** Where the object with the method sends its calls. */
  server(self: unknown): Server;
  requestTexts(params: Json): TextPart[];
  /** The stream in the result of a call with these arguments; undefined when the result is a complete answer. */
  stream?(result: object, args: readonly unknown[]): AnswerStream | undefined;
  /** Undefined: nothing in the result can be judged. */
  complete(result: unknown): MethodAnswer | undefined;
  answer(data: Json): CallAnswer;
  /** Brings copies of redacted texts up to date. */
  afterRedaction?(data: Json, redactions: readonly Pick<Redaction, 'path'>[]): void;
  collector?(): ChunkCollector;
  rewriter?(guard: StreamGuard, params: Json): ChunkRewriter;
}

/** The request of a method whose first argument holds the parameters. */
export function firstArgument(args: readonly unknown[]): MethodRequest | undefined {
  const [params, ...rest] = args;
  if (typeof params !== 'object' || params === null) return undefined;
  return { params: params as Json, args: (changed) => [changed, ...rest] };
}

/** The answer of a method that resolves with it. */
export function wholeResult(result: unknown): MethodAnswer | undefined {
  return typeof result === 'object' && result !== null ? { data: result as Json } : undefined;
}
