import type { TextPart, ToolCall } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { addDeepTexts } from '../shared/deep-texts.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ClientFamily, Endpoint } from '../stainless/endpoint.js';
import type { Json } from '../shared/json.js';
import { addText, listOf, objectOf, textOf, usageOf } from '../shared/json.js';
import { MessageCollector } from './message-collector.js';
import { MessageRewriter, TOOL_BLOCKS } from './message-rewriter.js';
import { withoutOwnSpan } from './own-span.js';

const ANTHROPIC: ClientFamily = { client: 'anthropic', provider: 'anthropic', withoutOwnSpan };

/** Texts of the `content` of a message or a result of a tool: a string, or blocks. */
function addContent(parts: TextPart[], path: string, role: string, content: unknown): void {
  addText(parts, path, role, content);
  listOf(content).forEach((value, index) => {
    const block = objectOf(value);
    if (!block) return;
    const at = `${path}.${index}`;
    for (const field of ['text', 'thinking', 'title', 'context']) addText(parts, `${at}.${field}`, role, block[field]);
    addDeepTexts(parts, `${at}.input`, role, block['input'], { tool: textOf(block['name']) });
    listOf(block['citations']).forEach((citation, place) =>
      addText(parts, `${at}.citations.${place}.cited_text`, role, objectOf(citation)?.['cited_text']),
    );
    addContent(parts, `${at}.content`, 'tool', block['content']);
    const result = objectOf(block['content']);
    for (const field of ['stdout', 'stderr']) addText(parts, `${at}.content.${field}`, 'tool', result?.[field]);
    const source = objectOf(block['source']);
    if (source?.['type'] === 'text') addText(parts, `${at}.source.data`, role, source['data']);
    if (source?.['type'] === 'content') addContent(parts, `${at}.source.content`, role, source['content']);
  });
}

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addContent(parts, 'system', 'system', params['system']);
  listOf(params['messages']).forEach((value, index) => {
    const message = objectOf(value);
    if (message) addContent(parts, `messages.${index}.content`, textOf(message['role']), message['content']);
  });
  return parts;
}

function toolCalls(content: unknown): ToolCall[] {
  return listOf(content).flatMap((value) => {
    const block = objectOf(value);
    if (!TOOL_BLOCKS.has(textOf(block?.['type']))) return [];
    return [{ name: textOf(block?.['name']), arguments: (objectOf(block?.['input']) ?? {}) as ToolCall['arguments'] }];
  });
}

function answer(data: Json): CallAnswer {
  const reason = textOf(data['stop_reason']);
  return callAnswer({
    id: textOf(data['id']),
    model: textOf(data['model']),
    usage: usageOf(data['usage']),
    finishReasons: reason === '' ? [] : [reason],
    toolCalls: toolCalls(data['content']),
    texts: () => {
      const parts: TextPart[] = [];
      addContent(parts, 'content', 'assistant', data['content']);
      return parts;
    },
  });
}

/** `client.messages.create`, also under `parse` and `stream`. */
export const messages: Endpoint = {
  family: ANTHROPIC,
  path: ['messages'],
  operation: 'chat',
  kind: 'llm',
  requestTexts,
  answer,
  collector: () => new MessageCollector(answer),
  rewriter: (guard, params) => new MessageRewriter(guard, params),
};

/** `client.beta.messages.create`, also under `toolRunner`. */
export const betaMessages: Endpoint = { ...messages, path: ['beta', 'messages'] };
