import type { ToolCall, Usage } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { objectOf, textOf, toolCall } from '../shared/json.js';
import { TextBuffer } from '../shared/text-buffer.js';
import { answerOf, tokensOf } from './answers.js';

/** Puts a streamed answer of either API together. The first one ends with the whole answer. */
export class EventCollector implements ChunkCollector {
  #id = '';
  #reason = '';
  #usage: Partial<Usage> | undefined;
  #whole: CallAnswer | undefined;
  readonly #text = new TextBuffer();
  readonly #calls = new Map<number, { name: string; arguments: TextBuffer }>();

  add(value: unknown): void {
    const event = objectOf(value);
    const delta = objectOf(event?.['delta']);
    const message = objectOf(delta?.['message']);
    const index = typeof event?.['index'] === 'number' ? event['index'] : 0;
    switch (event?.['type'] ?? event?.['eventType']) {
      case 'message-start':
        this.#id = textOf(event?.['id']);
        break;
      case 'content-start':
      case 'content-delta':
        this.#text.add(objectOf(message?.['content'])?.['text']);
        break;
      case 'tool-call-start':
      case 'tool-call-delta': {
        const fn = objectOf(objectOf(message?.['toolCalls'])?.['function']);
        let call = this.#calls.get(index);
        if (!call) this.#calls.set(index, (call = { name: '', arguments: new TextBuffer() }));
        call.name ||= textOf(fn?.['name']);
        call.arguments.add(fn?.['arguments']);
        break;
      }
      case 'message-end':
        this.#reason = textOf(delta?.['finishReason']);
        this.#usage = tokensOf(delta?.['usage']);
        break;
      case 'text-generation':
        this.#text.add(event?.['text']);
        break;
      case 'stream-end':
        this.#whole = answerOf({ ...objectOf(event?.['response']), finishReason: event?.['finishReason'] });
        break;
    }
  }

  answer(): CallAnswer {
    if (this.#whole) return this.#whole;
    const toolCalls: ToolCall[] = [...this.#calls.values()].map(({ name, arguments: args }) =>
      toolCall(name, args.text()),
    );
    return callAnswer({
      id: this.#id,
      model: '',
      usage: this.#usage,
      finishReasons: this.#reason === '' ? [] : [this.#reason],
      toolCalls,
      texts: () => [{ path: 'message.content.0.text', role: 'assistant', text: this.#text.text() }],
    });
  }
}
