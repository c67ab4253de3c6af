import type { TextPart } from '@guardspan/policy/runtime';
import { firstArgument, wholeResult } from '../promised/method-endpoint.js';
import type { AnswerStream, MethodEndpoint } from '../promised/method-endpoint.js';
import { addText, listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { serverAt } from '../shared/server.js';
import { AnswerRewriter } from './answer-rewriter.js';
import { addMessage, AnswerCollector, answerOf } from './answers.js';

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  listOf(params['messages']).forEach((item, index) => {
    const message = objectOf(item);
    if (message) addMessage(parts, `messages.${index}`, message, textOf(message['role']));
  });
  addText(parts, 'system', 'system', params['system']);
  for (const key of ['prompt', 'suffix', 'input']) {
    addText(parts, key, 'user', params[key]);
    listOf(params[key]).forEach((text, index) => addText(parts, `${key}.${index}`, 'user', text));
  }
  return parts;
}

/** The client's iterator reads another one, which is ours from then on: `abort()` and its own errors stay as they are. */
function stream(result: object): AnswerStream | undefined {
  const iterator = result as { itr?: AsyncIterator<unknown>; abortController?: AbortController };
  const own = iterator.itr;
  if (typeof own?.next !== 'function') return undefined;
  return {
    read: () => own,
    controller: iterator.abortController,
    replace: (guarded) => {
      iterator.itr = { [Symbol.asyncIterator]: guarded } as unknown as AsyncIterator<unknown>;
      return result;
    },
  };
}

const COMMON: Omit<MethodEndpoint, 'method' | 'operation'> = {
  client: 'ollama',
  objectIn: (client) => client,
  kind: 'llm',
  request: firstArgument,
  modelOf: (params) => textOf(params['model']),
  streamed: (params) => params['stream'] === true,
  server: (self) => serverAt(textOf((self as { config?: { host?: unknown } } | null)?.config?.host), 'ollama'),
  requestTexts,
  stream,
  complete: wholeResult,
  answer: answerOf,
  // They spell the answer out again.
  afterRedaction: (data) => void delete data['logprobs'],
  collector: () => new AnswerCollector(),
  rewriter: (guard, params) => new AnswerRewriter(guard, params),
};
/** Methods of the client. */
export const ENDPOINTS: readonly MethodEndpoint[] = [
  { ...COMMON, method: 'chat', operation: 'chat' },
  { ...COMMON, method: 'generate', operation: 'text_completion' },
  { ...COMMON, method: 'embed', operation: 'embeddings', kind: 'embedding' },
  { ...COMMON, method: 'embeddings', operation: 'embeddings', kind: 'embedding' },
];
