import type { TextPart } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { firstArgument, wholeResult } from '../promised/method-endpoint.js';
import type { MethodEndpoint } from '../promised/method-endpoint.js';
import { readableStream } from '../promised/readable-stream.js';
import { callAnswer } from '../shared/call-answer.js';
import { addText, listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { resourceAt } from '../shared/resource-at.js';
import { CompletionCollector } from './completion-collector.js';
import { CompletionRewriter } from './completion-rewriter.js';
import { CONVERSATIONS } from './conversations.js';
import { DOCUMENTS } from './documents.js';
import { addMessage, toolCallOf, tokensOf } from './messages.js';
import { serverOf } from './server.js';
import { SOUND } from './sound.js';

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  listOf(params['messages']).forEach((item, index) => {
    const message = objectOf(item);
    if (message) addMessage(parts, `messages.${index}`, message, textOf(message['role']));
  });
  for (const key of ['prompt', 'suffix', 'inputs']) {
    addText(parts, key, 'user', params[key]);
    listOf(params[key]).forEach((text, index) => addText(parts, `${key}.${index}`, 'user', text));
  }
  return parts;
}

function answer(data: Json): CallAnswer {
  const choices = listOf(data['choices']).map(objectOf);
  const messages = choices.map((choice) => objectOf(choice?.['message']));
  return callAnswer({
    id: textOf(data['id']),
    model: textOf(data['model']),
    usage: tokensOf(data['usage']),
    finishReasons: choices.map((choice) => textOf(choice?.['finishReason'])).filter((reason) => reason !== ''),
    toolCalls: messages.flatMap((message) =>
      listOf(message?.['toolCalls']).map((item) => {
        const fn = objectOf(objectOf(item)?.['function']);
        return toolCallOf(fn?.['name'], fn?.['arguments']);
      }),
    ),
    texts: () => {
      const parts: TextPart[] = [];
      messages.forEach((message, index) => {
        if (message) addMessage(parts, `choices.${index}.message`, message, 'assistant');
      });
      return parts;
    },
  });
}

const COMPLETE: Omit<MethodEndpoint, 'objectIn' | 'method'> = {
  client: 'mistralai',
  operation: 'chat',
  kind: 'llm',
  request: firstArgument,
  modelOf: (params) => textOf(params['model']) || textOf(params['agentId']),
  streamed: () => false,
  server: serverOf,
  requestTexts,
  complete: wholeResult,
  answer,
};
const STREAM: Omit<MethodEndpoint, 'objectIn' | 'method'> = {
  ...COMPLETE,
  streamed: () => true,
  stream: readableStream,
  collector: () => new CompletionCollector(),
  rewriter: (guard, params) => new CompletionRewriter(guard, params),
};

function resource(name: string): MethodEndpoint['objectIn'] {
  return (client) => resourceAt(client, [name]);
}

/** Methods of `Mistral` by the property that holds their object. */
export const ENDPOINTS: readonly MethodEndpoint[] = [
  { ...COMPLETE, objectIn: resource('chat'), method: 'complete' },
  { ...COMPLETE, objectIn: resource('chat'), method: 'parse' },
  { ...STREAM, objectIn: resource('chat'), method: 'stream' },
  { ...STREAM, objectIn: resource('chat'), method: 'parseStream' },
  { ...COMPLETE, objectIn: resource('agents'), method: 'complete' },
  { ...STREAM, objectIn: resource('agents'), method: 'stream' },
  { ...COMPLETE, objectIn: resource('fim'), method: 'complete', operation: 'text_completion' },
  { ...STREAM, objectIn: resource('fim'), method: 'stream', operation: 'text_completion' },
  { ...COMPLETE, objectIn: resource('embeddings'), method: 'create', operation: 'embeddings', kind: 'embedding' },
  ...CONVERSATIONS,
  ...DOCUMENTS,
  ...SOUND,
];
