import type { TextPart, ToolCall, Usage } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { callAnswer } from '../shared/call-answer.js';
import { addDeepTexts } from '../shared/deep-texts.js';
import { addText, listOf, objectOf, textOf, toolCall } from '../shared/json.js';
import type { Json } from '../shared/json.js';

/** Texts of the content of a message: a text, or parts of which some have one, also those of documents. */
function addContent(parts: TextPart[], path: string, role: string, content: unknown): void {
  addText(parts, path, role, content);
  listOf(content).forEach((value, index) => {
    const part = objectOf(value);
    for (const field of ['text', 'thinking']) addText(parts, `${path}.${index}.${field}`, role, part?.[field]);
    addDeepTexts(parts, `${path}.${index}.document.data`, role, objectOf(part?.['document'])?.['data']);
  });
}

/** Texts of one message of the second API, of a request or of an answer. */
export function addMessage(parts: TextPart[], path: string, message: Json, role: string): void {
  addContent(parts, `${path}.content`, role, message['content']);
  addText(parts, `${path}.toolPlan`, role, message['toolPlan']);
  addCitations(parts, `${path}.citations`, message['citations']);
  listOf(message['toolCalls']).forEach((item, index) => {
    const fn = objectOf(objectOf(item)?.['function']);
    addText(parts, `${path}.toolCalls.${index}.function.arguments`, role, fn?.['arguments'], textOf(fn?.['name']));
  });
}

/** Token counts of `usage` of the second API and of `meta` of the first; undefined when none were reported. */
export function tokensOf(value: unknown): Partial<Usage> | undefined {
  const usage = objectOf(value);
  const tokens = objectOf(usage?.['tokens']) ?? objectOf(usage?.['billedUnits']);
  if (!tokens) return undefined;
  const result: Partial<Usage> = {};
  if (typeof tokens['inputTokens'] === 'number') result.inputTokens = tokens['inputTokens'];
  if (typeof tokens['outputTokens'] === 'number') result.outputTokens = tokens['outputTokens'];
  return result;
}

function oldCall(value: unknown): ToolCall {
  const call = objectOf(value);
  return {
    name: textOf(call?.['name']),
    arguments: (objectOf(call?.['parameters']) ?? {}) as ToolCall['arguments'],
  };
}

/** What a complete answer of either API says. */
export function answerOf(data: Json): CallAnswer {
  const message = objectOf(data['message']);
  const reason = textOf(data['finishReason']);
  return callAnswer({
    id: textOf(data['id']) || textOf(data['generationId']),
    model: '',
    usage: tokensOf(data['usage']) ?? tokensOf(data['meta']),
    finishReasons: reason === '' ? [] : [reason],
    toolCalls: message
      ? listOf(message['toolCalls']).map((item) => {
          const fn = objectOf(objectOf(item)?.['function']);
          return toolCall(fn?.['name'], fn?.['arguments']);
        })
      : listOf(data['toolCalls']).map(oldCall),
    texts: () => {
      const parts: TextPart[] = [];
      if (message) addMessage(parts, 'message', message, 'assistant');
      addOldAnswer(parts, '', data);
      return parts;
    },
  });
}

/** Citations repeat stretches of the answer. */
function addCitations(parts: TextPart[], path: string, citations: unknown): void {
  listOf(citations).forEach((citation, index) =>
    addText(parts, `${path}.${index}.text`, 'assistant', objectOf(citation)?.['text']),
  );
}

/** Log probabilities spell a text out again. */
export function afterRedaction(data: Json): void {
  delete data['logprobs'];
}

/** Texts of an answer of the first API, which repeats the conversation. */
function addOldAnswer(parts: TextPart[], path: string, data: Json): void {
  addText(parts, `${path}text`, 'assistant', data['text']);
  addCitations(parts, `${path}citations`, data['citations']);
  addOldCalls(parts, `${path}toolCalls`, data['toolCalls']);
  listOf(data['chatHistory']).forEach((item, index) => {
    const turn = objectOf(item);
    addText(parts, `${path}chatHistory.${index}.message`, 'assistant', turn?.['message']);
    addOldCalls(parts, `${path}chatHistory.${index}.toolCalls`, turn?.['toolCalls']);
  });
}

/** What the tools of the first API are given. */
export function addOldCalls(parts: TextPart[], path: string, calls: unknown): void {
  listOf(calls).forEach((item, index) => {
    const call = objectOf(item);
    const tool = textOf(call?.['name']);
    addDeepTexts(parts, `${path}.${index}.parameters`, 'assistant', call?.['parameters'], { tool });
  });
}
