import type { TextPart, Usage } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { chatCompletions } from './chat-completions.js';
import { OPENAI } from './family.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import type { Endpoint } from '../stainless/endpoint.js';
import type { Json } from '../shared/json.js';
import { addText, listOf, objectOf, textOf, usageOf } from '../shared/json.js';
import { CompletionRewriter } from './stream/completion-rewriter.js';
import { TextBuffer } from '../shared/text-buffer.js';

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addText(parts, 'prompt', 'user', params['prompt']);
  listOf(params['prompt']).forEach((text, index) => addText(parts, `prompt.${index}`, 'user', text));
  addText(parts, 'suffix', 'user', params['suffix']);
  return parts;
}

function finishReasons(choices: readonly unknown[]): string[] {
  return choices.map((choice) => textOf(objectOf(choice)?.['finish_reason'])).filter((reason) => reason !== '');
}

function answer(data: Json): CallAnswer {
  const choices = listOf(data['choices']);
  return callAnswer({
    id: textOf(data['id']),
    model: textOf(data['model']),
    usage: usageOf(data['usage']),
    finishReasons: finishReasons(choices),
    toolCalls: [],
    texts: () => {
      const parts: TextPart[] = [];
      choices.forEach((choice, index) =>
        addText(parts, `choices.${index}.text`, 'assistant', objectOf(choice)?.['text']),
      );
      return parts;
    },
  });
}

class CompletionCollector implements ChunkCollector {
  #id = '';
  #model = '';
  #usage: Partial<Usage> | undefined;
  readonly #reasons: string[] = [];
  readonly #texts = new Map<number, TextBuffer>();

  add(value: unknown): void {
    const chunk = objectOf(value);
    if (!chunk) return;
    this.#id ||= textOf(chunk['id']);
    this.#model ||= textOf(chunk['model']);
    this.#usage = usageOf(chunk['usage']) ?? this.#usage;
    const choices = listOf(chunk['choices']);
    this.#reasons.push(...finishReasons(choices));
    for (const item of choices) {
      const choice = objectOf(item);
      const index = typeof choice?.['index'] === 'number' ? choice['index'] : 0;
      let buffer = this.#texts.get(index);
      if (!buffer) this.#texts.set(index, (buffer = new TextBuffer()));
      buffer.add(choice?.['text']);
    }
  }

  answer(): CallAnswer {
    return callAnswer({
      id: this.#id,
      model: this.#model,
      usage: this.#usage,
      finishReasons: this.#reasons,
      toolCalls: [],
      texts: () => {
        const parts: TextPart[] = [];
        for (const [index, buffer] of this.#texts) addText(parts, `choices.${index}.text`, 'assistant', buffer.text());
        return parts;
      },
    });
  }
}

/** The older `client.completions.create`. */
export const completions: Endpoint = {
  family: OPENAI,
  path: ['completions'],
  operation: 'text_completion',
  kind: 'llm',
  requestTexts,
  answer,
  afterRedaction: chatCompletions.afterRedaction!,
  collector: () => new CompletionCollector(),
  rewriter: (guard) => new CompletionRewriter(guard),
};
