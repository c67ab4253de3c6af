import type { TextPart } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { firstArgument, wholeResult } from '../promised/method-endpoint.js';
import type { MethodEndpoint, MethodRequest } from '../promised/method-endpoint.js';
import { readableStream } from '../promised/readable-stream.js';
import { callAnswer } from '../shared/call-answer.js';
import { addDeepTexts } from '../shared/deep-texts.js';
import { addText, listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { resourceAt } from '../shared/resource-at.js';
import { ConversationCollector } from './conversation-collector.js';
import { ConversationRewriter } from './conversation-rewriter.js';
import { addMessage, toolCallOf, tokensOf } from './messages.js';
import { serverOf } from './server.js';

/** Texts of an entry: a message, a call of a function or of one of the provider's tools, and what came back. */
function addEntry(parts: TextPart[], path: string, entry: Json, role: string): void {
  addMessage(parts, path, entry, role);
  const tool = textOf(entry['name']);
  addDeepTexts(parts, `${path}.arguments`, 'assistant', entry['arguments'], { tool });
  addText(parts, `${path}.result`, 'tool', entry['result']);
  addDeepTexts(parts, `${path}.info`, 'tool', entry['info']);
}

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addText(parts, 'instructions', 'system', params['instructions']);
  addText(parts, 'inputs', 'user', params['inputs']);
  listOf(params['inputs']).forEach((item, index) => {
    const entry = objectOf(item);
    const role = entry?.['type'] === 'message.output' ? 'assistant' : textOf(entry?.['role']) || 'user';
    if (entry) addEntry(parts, `inputs.${index}`, entry, role);
  });
  return parts;
}

function answer(data: Json): CallAnswer {
  const outputs = listOf(data['outputs']).map(objectOf);
  return callAnswer({
    id: textOf(data['conversationId']),
    model: outputs.map((entry) => textOf(entry?.['model'])).find((model) => model !== '') ?? '',
    usage: tokensOf(data['usage']),
    finishReasons: [],
    toolCalls: outputs
      .filter((entry) => entry?.['arguments'] !== undefined)
      .map((entry) => toolCallOf(entry?.['name'], entry?.['arguments'])),
    texts: () => {
      const parts: TextPart[] = [];
      outputs.forEach((entry, index) => {
        if (entry) addEntry(parts, `outputs.${index}`, entry, 'assistant');
      });
      return parts;
    },
  });
}

/** The request of a method whose first argument names a conversation and holds the parameters under `key`. */
function within(key: string): MethodEndpoint['request'] {
  return (args): MethodRequest | undefined => {
    const [request, ...rest] = args;
    const params = objectOf(objectOf(request)?.[key]);
    return params && { params, args: (changed) => [{ ...objectOf(request), [key]: changed }, ...rest] };
  };
}

const COMPLETE: Omit<MethodEndpoint, 'method'> = {
  client: 'mistralai',
  objectIn: (client) => resourceAt(client, ['beta', 'conversations']),
  operation: 'chat',
  kind: 'llm',
  request: firstArgument,
  // A conversation that goes on keeps the model that it was started with, and its requests do not name it.
  modelOf: (params) => textOf(params['model']) || textOf(params['agentId']) || 'default',
  streamed: () => false,
  server: serverOf,
  requestTexts,
  complete: wholeResult,
  answer,
};
const STREAM: Omit<MethodEndpoint, 'method'> = {
  ...COMPLETE,
  streamed: () => true,
  stream: readableStream,
  collector: () => new ConversationCollector(),
  rewriter: (guard, params) => new ConversationRewriter(guard, params),
};

/** Methods of `beta.conversations` that ask a model. Those that go on with a conversation cannot be rerouted: they do not name a model. */
export const CONVERSATIONS: readonly MethodEndpoint[] = [
  { ...COMPLETE, method: 'start' },
  { ...STREAM, method: 'startStream' },
  { ...COMPLETE, method: 'append', request: within('conversationAppendRequest'), addressed: true },
  { ...STREAM, method: 'appendStream', request: within('conversationAppendStreamRequest'), addressed: true },
  { ...COMPLETE, method: 'restart', request: within('conversationRestartRequest'), addressed: true },
  { ...STREAM, method: 'restartStream', request: within('conversationRestartStreamRequest'), addressed: true },
];
