import type { TextPart, ToolCall, Usage } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { addDeepTexts } from '../shared/deep-texts.js';
import { addText, listOf, objectOf, textOf, toolCall } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { TextBuffer } from '../shared/text-buffer.js';

/** Texts of the blocks of a message: text, thoughts, use and results of tools, documents, and text for a guard-rail of the provider's own. */
function addBlocks(parts: TextPart[], path: string, role: string, blocks: unknown): void {
  listOf(blocks).forEach((value, index) => {
    const block = objectOf(value);
    if (!block) return;
    const at = `${path}.${index}`;
    addText(parts, `${at}.text`, role, block['text']);
    for (const key of ['guardContent', 'document']) addDeepTexts(parts, `${at}.${key}`, role, block[key]);
    const thought = objectOf(objectOf(block['reasoningContent'])?.['reasoningText']);
    addText(parts, `${at}.reasoningContent.reasoningText.text`, role, thought?.['text']);
    const use = objectOf(block['toolUse']);
    addDeepTexts(parts, `${at}.toolUse.input`, role, use?.['input'], { tool: textOf(use?.['name']) });
    listOf(objectOf(block['toolResult'])?.['content']).forEach((result, position) =>
      addDeepTexts(parts, `${at}.toolResult.content.${position}`, 'tool', result),
    );
  });
}

/** Texts of a request to Converse. */
export function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addBlocks(parts, 'system', 'system', params['system']);
  listOf(params['messages']).forEach((item, index) => {
    const message = objectOf(item);
    addBlocks(parts, `messages.${index}.content`, textOf(message?.['role']), message?.['content']);
  });
  return parts;
}

function tokensOf(value: unknown): Partial<Usage> | undefined {
  const usage = objectOf(value);
  if (!usage) return undefined;
  const result: Partial<Usage> = {};
  const { inputTokens, outputTokens, totalTokens } = usage;
  if (typeof inputTokens === 'number') result.inputTokens = inputTokens;
  if (typeof outputTokens === 'number') result.outputTokens = outputTokens;
  if (typeof totalTokens === 'number') result.totalTokens = totalTokens;
  return result;
}

function reasons(reason: unknown): string[] {
  return textOf(reason) === '' ? [] : [textOf(reason)];
}

/** What a complete answer of Converse says. */
export function answerOf(data: Json): CallAnswer {
  const content = objectOf(objectOf(data['output'])?.['message'])?.['content'];
  return callAnswer({
    id: '',
    model: '',
    usage: tokensOf(data['usage']),
    finishReasons: reasons(data['stopReason']),
    toolCalls: listOf(content).flatMap((block) => {
      const use = objectOf(objectOf(block)?.['toolUse']);
      if (!use) return [];
      return [{ name: textOf(use['name']), arguments: (objectOf(use['input']) ?? {}) as ToolCall['arguments'] }];
    }),
    texts: () => {
      const parts: TextPart[] = [];
      addBlocks(parts, 'output.message.content', 'assistant', content);
      return parts;
    },
  });
}

/** Puts a streamed answer of Converse together. */
export class ConverseCollector implements ChunkCollector {
  #reason: unknown;
  #usage: Partial<Usage> | undefined;
  readonly #text = new TextBuffer();
  readonly #calls = new Map<unknown, { name: string; input: TextBuffer }>();

  add(value: unknown): void {
    const event = objectOf(value);
    const start = objectOf(event?.['contentBlockStart']);
    const use = objectOf(objectOf(start?.['start'])?.['toolUse']);
    if (use) this.#calls.set(start?.['contentBlockIndex'], { name: textOf(use['name']), input: new TextBuffer() });
    const block = objectOf(event?.['contentBlockDelta']);
    const delta = objectOf(block?.['delta']);
    this.#text.add(delta?.['text']);
    this.#calls.get(block?.['contentBlockIndex'])?.input.add(objectOf(delta?.['toolUse'])?.['input']);
    this.#reason = objectOf(event?.['messageStop'])?.['stopReason'] ?? this.#reason;
    this.#usage = tokensOf(objectOf(event?.['metadata'])?.['usage']) ?? this.#usage;
  }

  answer(): CallAnswer {
    return callAnswer({
      id: '',
      model: '',
      usage: this.#usage,
      finishReasons: reasons(this.#reason),
      toolCalls: [...this.#calls.values()].map(({ name, input }) => toolCall(name, input.text())),
      texts: () => [{ path: 'output.message.content.0.text', role: 'assistant', text: this.#text.text() }],
    });
  }
}
