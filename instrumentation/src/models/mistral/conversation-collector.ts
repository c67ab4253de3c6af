import type { Usage } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { TextBuffer } from '../shared/text-buffer.js';
import { toolCallOf, tokensOf } from './messages.js';

interface StreamedCall {
  name: string;
  given: unknown;
  pieces: TextBuffer;
}

/** Puts a streamed conversation together from its events. */
export class ConversationCollector implements ChunkCollector {
  #id = '';
  #model = '';
  #usage: Partial<Usage> | undefined;
  readonly #texts = new Map<string, TextBuffer>();
  readonly #calls = new Map<string, StreamedCall>();

  add(value: unknown): void {
    const data = objectOf(objectOf(value)?.['data']);
    if (!data) return;
    const type = textOf(data['type']);
    this.#id ||= textOf(data['conversationId']);
    this.#model ||= textOf(data['model']);
    this.#usage = tokensOf(data['usage']) ?? this.#usage;
    const output = String(data['outputIndex']);
    if (type === 'message.output.delta') {
      const place = `outputs.${output}.content.${String(data['contentIndex'])}`;
      let buffer = this.#texts.get(place);
      if (!buffer) this.#texts.set(place, (buffer = new TextBuffer()));
      buffer.add(data['content']);
      buffer.add(objectOf(data['content'])?.['text']);
    } else if (type === 'function.call.delta') this.#call(`${output}.${textOf(data['toolCallId'])}`, data);
    else if (type === 'tool.execution.started' || type === 'tool.execution.delta') this.#call(output, data);
  }

  answer(): CallAnswer {
    return callAnswer({
      id: this.#id,
      model: this.#model,
      usage: this.#usage,
      finishReasons: [],
      toolCalls: [...this.#calls.values()].map(({ name, given, pieces }) => toolCallOf(name, given ?? pieces.text())),
      texts: () => [...this.#texts].map(([path, buffer]) => ({ path, role: 'assistant', text: buffer.text() })),
    });
  }

  #call(key: string, data: Json): void {
    let call = this.#calls.get(key);
    if (!call)
      this.#calls.set(key, (call = { name: textOf(data['name']), given: undefined, pieces: new TextBuffer() }));
    call.given ??= objectOf(data['arguments']);
    call.pieces.add(data['arguments']);
  }
}
