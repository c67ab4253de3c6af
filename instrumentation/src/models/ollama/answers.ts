import type { TextPart, ToolCall, Usage } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { addDeepTexts } from '../shared/deep-texts.js';
import { addText, listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { TextBuffer } from '../shared/text-buffer.js';
import { toolCallsOf } from './tool-calls.js';

/** Texts of one message, of a request or of an answer. */
export function addMessage(parts: TextPart[], path: string, message: Json, role: string): void {
  for (const field of ['content', 'thinking']) addText(parts, `${path}.${field}`, role, message[field]);
  listOf(message['tool_calls']).forEach((item, index) => {
    const fn = objectOf(objectOf(item)?.['function']);
    const tool = textOf(fn?.['name']);
    addDeepTexts(parts, `${path}.tool_calls.${index}.function.arguments`, role, fn?.['arguments'], { tool });
  });
}

function tokensOf(data: Json): Partial<Usage> | undefined {
  const { prompt_eval_count: input, eval_count: output } = data;
  if (typeof input !== 'number' && typeof output !== 'number') return undefined;
  return {
    ...(typeof input === 'number' ? { inputTokens: input } : {}),
    ...(typeof output === 'number' ? { outputTokens: output } : {}),
  };
}

/** What a complete answer of `chat`, `generate` or `embed` says. */
export function answerOf(data: Json): CallAnswer {
  const message = objectOf(data['message']);
  const reason = textOf(data['done_reason']);
  return callAnswer({
    id: '',
    model: textOf(data['model']),
    usage: tokensOf(data),
    finishReasons: reason === '' ? [] : [reason],
    toolCalls: toolCallsOf(message),
    texts: () => {
      const parts: TextPart[] = [];
      if (message) addMessage(parts, 'message', message, 'assistant');
      for (const field of ['response', 'thinking']) addText(parts, field, 'assistant', data[field]);
      return parts;
    },
  });
}

/** Puts a streamed answer together; its last chunk carries the counts. */
export class AnswerCollector implements ChunkCollector {
  #last: Json = {};
  readonly #text = new TextBuffer();
  readonly #tools: ToolCall[] = [];

  add(value: unknown): void {
    const chunk = objectOf(value);
    if (!chunk) return;
    this.#last = chunk;
    const message = objectOf(chunk['message']);
    this.#tools.push(...toolCallsOf(message));
    this.#text.add(message?.['content']);
    this.#text.add(chunk['response']);
  }

  answer(): CallAnswer {
    const known = {
      ...answerOf(this.#last),
      texts: () => [{ path: 'text', role: 'assistant', text: this.#text.text() }],
    };
    return this.#tools.length > 0 ? { ...known, toolCalls: this.#tools } : known;
  }
}
