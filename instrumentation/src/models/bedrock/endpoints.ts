import type { TextPart } from '@guardspan/policy/runtime';
import type { AnswerStream, MethodEndpoint, MethodRequest } from '../promised/method-endpoint.js';
import { wholeResult } from '../promised/method-endpoint.js';
import { objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { bodyAnswer, bodyOf, bodyTexts } from './body.js';
import { BodyCollector, BodyRewriter } from './body-stream.js';
import { answerOf, ConverseCollector, requestTexts } from './converse.js';
import { ConverseRewriter } from './converse-rewriter.js';

interface Command {
  input: Json;
}

/** Classes of commands, by their names in the client's module. */
export type Commands = Readonly<Record<string, unknown>>;

function isOf(command: Command, commands: Commands, name: string): boolean {
  const known = commands[name];
  // A command of another copy of the module is known by its name, which bundlers may shorten.
  return (typeof known === 'function' && command instanceof known) || command.constructor.name === name;
}

/** A command of one kind among the arguments of `send`. Changed parameters go into a copy of it. */
function commandIn(
  args: readonly unknown[],
  commands: Commands,
  name: string,
  read: (input: Json) => Json,
  write: (params: Json, input: Json) => Json,
): MethodRequest | undefined {
  const [command, ...rest] = args as [Command | undefined, ...unknown[]];
  if (!command || !objectOf(command.input) || !isOf(command, commands, name)) return undefined;
  return {
    params: read(command.input),
    args: (params) => {
      const copy = Object.create(Object.getPrototypeOf(command) as object) as Command;
      return [Object.assign(copy, command, { input: write(params, command.input) }), ...rest];
    },
  };
}

const asItIs = (params: Json): Json => params;

/** A body is bytes of JSON: what is read and changed is the object. The model stands beside it. */
function bodyRequest(args: readonly unknown[], commands: Commands, name: string): MethodRequest | undefined {
  return commandIn(
    args,
    commands,
    name,
    (input) => ({ modelId: input['modelId'], body: bodyOf(input['body']) ?? {} }),
    (params, input) => {
      const body = objectOf(params['body']) ?? {};
      const same = JSON.stringify(body) === JSON.stringify(bodyOf(input['body']) ?? {});
      return { ...input, ...params, body: same ? input['body'] : JSON.stringify(body) };
    },
  );
}

/** The events of a result are one field of it, an iterable of a class of the provider's. */
function eventsIn(result: object, args: readonly unknown[], field: 'stream' | 'body'): AnswerStream | undefined {
  const holder = result as { [field: string]: AsyncIterable<unknown> | undefined };
  const own = holder[field];
  if (typeof own?.[Symbol.asyncIterator] !== 'function') return undefined;
  // An aborted stream just ends; leaving it is what ends a request.
  const signal = (args[1] as { abortSignal?: AbortSignal } | undefined)?.abortSignal;
  return {
    ...(signal instanceof AbortSignal ? { controller: { signal, abort: () => undefined } } : {}),
    read: () => own[Symbol.asyncIterator](),
    replace: (guarded) => {
      const events = Object.create(own) as AsyncIterable<unknown>;
      Object.defineProperty(events, Symbol.asyncIterator, { value: guarded });
      holder[field] = events;
      return result;
    },
  };
}

/** Texts of a body; it is the field `body` of the parameters. */
function textsOfBody(params: Json): TextPart[] {
  return bodyTexts(objectOf(params['body']) ?? {}, 'user').map((part) => ({ ...part, path: `body.${part.path}` }));
}

const COMMON = {
  client: 'bedrock',
  objectIn: (client: unknown): unknown => client,
  method: 'send',
  operation: 'chat',
  kind: 'llm',
  modelOf: (params: Json): string => textOf(params['modelId']).replace(/^.*\//, ''),
  server: () => ({ provider: 'aws.bedrock', address: '', port: 0 }),
} as const;

/** `ConverseCommand` and `ConverseStreamCommand`, `InvokeModelCommand` and `InvokeModelWithResponseStreamCommand`. */
export const endpoints = (commands: Commands): readonly MethodEndpoint[] => [
  {
    ...COMMON,
    request: (args) => commandIn(args, commands, 'ConverseCommand', asItIs, asItIs),
    streamed: () => false,
    requestTexts,
    complete: wholeResult,
    answer: answerOf,
  },
  {
    ...COMMON,
    request: (args) => commandIn(args, commands, 'ConverseStreamCommand', asItIs, asItIs),
    streamed: () => true,
    requestTexts,
    stream: (result, args) => eventsIn(result, args, 'stream'),
    complete: () => undefined,
    answer: answerOf,
    collector: () => new ConverseCollector(),
    rewriter: (guard) => new ConverseRewriter(guard),
  },
  {
    ...COMMON,
    request: (args) => bodyRequest(args, commands, 'InvokeModelCommand'),
    streamed: () => false,
    requestTexts: textsOfBody,
    complete: (result) => {
      const holder = objectOf(result);
      const bytes = holder?.['body'];
      const data = bodyOf(bytes);
      if (!holder || !data || !(bytes instanceof Uint8Array)) return undefined;
      return { data, put: () => (holder['body'] = withMethodsOf(bytes, JSON.stringify(data))) };
    },
    answer: bodyAnswer,
  },
  {
    ...COMMON,
    request: (args) => bodyRequest(args, commands, 'InvokeModelWithResponseStreamCommand'),
    streamed: () => true,
    requestTexts: textsOfBody,
    stream: (result, args) => eventsIn(result, args, 'body'),
    complete: () => undefined,
    answer: bodyAnswer,
    collector: () => new BodyCollector(),
    rewriter: (guard, params) => new BodyRewriter(guard, objectOf(params['body']) ?? {}),
  },
];

/** Bytes of a text, with `transformToString` and whatever else the client's own bytes have. */
function withMethodsOf(bytes: Uint8Array, text: string): Uint8Array {
  return Object.setPrototypeOf(new TextEncoder().encode(text), Object.getPrototypeOf(bytes) as object) as Uint8Array;
}
