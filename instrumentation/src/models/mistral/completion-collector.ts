import type { Usage } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { CallSlots } from '../shared/call-slots.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { listOf, objectOf, textOf } from '../shared/json.js';
import { TextBuffer } from '../shared/text-buffer.js';
import { toolCallOf, tokensOf } from './messages.js';

interface StreamedCall {
  name: string;
  given: unknown;
  pieces: TextBuffer;
}

/** Puts a streamed completion together from its events. */
export class CompletionCollector implements ChunkCollector {
  #id = '';
  #model = '';
  #usage: Partial<Usage> | undefined;
  readonly #reasons: string[] = [];
  readonly #texts = new Map<number, TextBuffer>();
  readonly #calls = new Map<string, StreamedCall>();
  readonly #slots = new CallSlots();

  add(value: unknown): void {
    const data = objectOf(objectOf(value)?.['data']);
    if (!data) return;
    this.#id ||= textOf(data['id']);
    this.#model ||= textOf(data['model']);
    this.#usage = tokensOf(data['usage']) ?? this.#usage;
    for (const item of listOf(data['choices'])) {
      const choice = objectOf(item);
      const index = typeof choice?.['index'] === 'number' ? choice['index'] : 0;
      const reason = textOf(choice?.['finishReason']);
      if (reason !== '') this.#reasons.push(reason);
      const delta = objectOf(choice?.['delta']);
      this.#addText(index, delta?.['content']);
      listOf(delta?.['toolCalls']).forEach((call, position) => this.#addCall(index, position, call));
    }
  }

  answer(): CallAnswer {
    return callAnswer({
      id: this.#id,
      model: this.#model,
      usage: this.#usage,
      finishReasons: this.#reasons,
      toolCalls: [...this.#calls.values()].map(({ name, given, pieces }) => toolCallOf(name, given ?? pieces.text())),
      texts: () =>
        [...this.#texts].map(([index, buffer]) => ({
          path: `choices.${index}.message.content`,
          role: 'assistant',
          text: buffer.text(),
        })),
    });
  }

  #addText(choice: number, content: unknown): void {
    let buffer = this.#texts.get(choice);
    if (!buffer) this.#texts.set(choice, (buffer = new TextBuffer()));
    buffer.add(content);
    for (const chunk of listOf(content)) buffer.add(objectOf(chunk)?.['text']);
  }

  #addCall(choice: number, position: number, value: unknown): void {
    const call = objectOf(value);
    const fn = objectOf(call?.['function']);
    const place = `${choice}.${typeof call?.['index'] === 'number' ? call['index'] : position}`;
    const { key } = this.#slots.at(place, call?.['id'], textOf(fn?.['name']));
    let streamed = this.#calls.get(key);
    if (!streamed) this.#calls.set(key, (streamed = { name: '', given: undefined, pieces: new TextBuffer() }));
    streamed.name ||= textOf(fn?.['name']);
    streamed.given ??= objectOf(fn?.['arguments']);
    streamed.pieces.add(fn?.['arguments']);
  }
}
