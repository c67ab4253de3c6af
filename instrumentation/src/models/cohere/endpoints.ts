import type { TextPart } from '@guardspan/policy/runtime';
import { firstArgument } from '../promised/method-endpoint.js';
import type { AnswerStream, MethodAnswer, MethodEndpoint } from '../promised/method-endpoint.js';
import { addDeepTexts } from '../shared/deep-texts.js';
import { addText, listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { serverAt } from '../shared/server.js';
import type { Server } from '../shared/server.js';
import { addMessage, addOldCalls, afterRedaction, answerOf } from './answers.js';
import { EventCollector } from './event-collector.js';
import { EventRewriter } from './event-rewriter.js';

function server(self: unknown): Server {
  const options = objectOf((self as { _options?: unknown } | null)?._options);
  return serverAt(textOf(options?.['baseUrl']) || textOf(options?.['environment']), 'cohere');
}

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  listOf(params['messages']).forEach((item, index) => {
    const message = objectOf(item);
    if (message) addMessage(parts, `messages.${index}`, message, textOf(message['role']));
  });
  // The first API: one message, what was said before, and a preamble.
  addText(parts, 'preamble', 'system', params['preamble']);
  listOf(params['chatHistory']).forEach((item, index) => {
    const turn = objectOf(item);
    addText(parts, `chatHistory.${index}.message`, textOf(turn?.['role']).toLowerCase(), turn?.['message']);
    addOldCalls(parts, `chatHistory.${index}.toolCalls`, turn?.['toolCalls']);
    addDeepTexts(parts, `chatHistory.${index}.toolResults`, 'tool', turn?.['toolResults'], { calls: true });
  });
  for (const key of ['message', 'query']) addText(parts, key, 'user', params[key]);
  addDeepTexts(parts, 'toolResults', 'tool', params['toolResults'], { calls: true });
  addDeepTexts(parts, 'documents', 'user', params['documents']);
  listOf(params['texts']).forEach((text, index) => addText(parts, `texts.${index}`, 'user', text));
  listOf(params['inputs']).forEach((item, at) => {
    listOf(objectOf(item)?.['content']).forEach((part, index) =>
      addText(parts, `inputs.${at}.content.${index}.text`, 'user', objectOf(part)?.['text']),
    );
  });
  return parts;
}

/** Methods with two underscores give the answer with the raw response; older ones without give the answer. */
function dataOf(result: unknown): unknown {
  const whole = objectOf(result);
  return whole && 'rawResponse' in whole ? whole['data'] : result;
}

function complete(result: unknown): MethodAnswer | undefined {
  const data = objectOf(dataOf(result));
  return data ? { data } : undefined;
}

/** The client's stream reads its messages through one method, which is ours from then on. */
function stream(result: object): AnswerStream | undefined {
  const own = dataOf(result) as { iterMessages?: () => AsyncIterator<unknown>; controller?: AbortController };
  const { iterMessages } = own;
  if (typeof iterMessages !== 'function') return undefined;
  return {
    read: () => iterMessages.call(own),
    replace: (guarded) => {
      Object.defineProperty(own, 'iterMessages', { value: guarded, configurable: true, writable: true });
      return result;
    },
  };
}

const COMPLETE: Omit<MethodEndpoint, 'objectIn' | 'method'> = {
  client: 'cohere',
  operation: 'chat',
  kind: 'llm',
  request: firstArgument,
  // The first API has a default of the provider's.
  modelOf: (params) => textOf(params['model']) || 'default',
  streamed: () => false,
  server,
  requestTexts,
  complete,
  answer: answerOf,
  afterRedaction,
};
const STREAM: Omit<MethodEndpoint, 'objectIn' | 'method'> = {
  ...COMPLETE,
  streamed: () => true,
  stream,
  collector: () => new EventCollector(),
  rewriter: (guard, params) => new EventRewriter(guard, params),
};

/** Methods of either API, by how its object is found on a client. */
function endpoints(objectIn: MethodEndpoint['objectIn'], prefix: '__' | ''): MethodEndpoint[] {
  return [
    { ...COMPLETE, objectIn, method: `${prefix}chat` },
    { ...STREAM, objectIn, method: `${prefix}chatStream` },
    { ...COMPLETE, objectIn, method: `${prefix}embed`, operation: 'embeddings', kind: 'embedding' },
    { ...COMPLETE, objectIn, method: `${prefix}rerank`, operation: 'rerank', kind: 'ranker' },
  ];
}

const SECOND: MethodEndpoint['objectIn'] = (client) => objectOf(client)?.['clientV2'] ?? objectOf(client)?.['v2'];

/** The first API, on the client itself; the second, on `v2` of one client and inside of another. `prefix` is what methods begin with. */
export const APIS = {
  first: (prefix: '__' | ''): MethodEndpoint[] => endpoints((client) => client, prefix),
  second: (prefix: '__' | ''): MethodEndpoint[] => endpoints(SECOND, prefix),
};
