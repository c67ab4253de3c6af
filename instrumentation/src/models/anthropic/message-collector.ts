import type { CallAnswer } from '../../guard/types.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import type { Json } from '../shared/json.js';
import { objectOf, textOf } from '../shared/json.js';
import { TextBuffer } from '../shared/text-buffer.js';

/** Content blocks of a streamed message that are kept. */
const MAX_BLOCKS = 1_000;

interface Block {
  start: Json;
  text: TextBuffer;
  thinking: TextBuffer;
  input: TextBuffer;
}

/** Puts a streamed message together from its events, as the message that a call without streaming would have given. */
export class MessageCollector implements ChunkCollector {
  #message: Json = {};
  #reason = '';
  readonly #blocks = new Map<number, Block>();

  constructor(private readonly answerOf: (message: Json) => CallAnswer) {}

  add(value: unknown): void {
    const event = objectOf(value);
    const index = typeof event?.['index'] === 'number' ? event['index'] : 0;
    switch (event?.['type']) {
      case 'message_start':
        this.#message = { ...objectOf(event['message']) };
        break;
      case 'content_block_start':
        if (this.#blocks.size < MAX_BLOCKS) this.#blocks.set(index, newBlock(objectOf(event['content_block']) ?? {}));
        break;
      case 'content_block_delta': {
        const delta = objectOf(event['delta']);
        const block = this.#blocks.get(index);
        block?.text.add(delta?.['text']);
        block?.thinking.add(delta?.['thinking']);
        block?.input.add(delta?.['partial_json']);
        break;
      }
      case 'message_delta':
        this.#reason = textOf(objectOf(event['delta'])?.['stop_reason']) || this.#reason;
        // Counts of the start that the delta does not repeat stay.
        this.#message['usage'] = { ...objectOf(this.#message['usage']), ...known(objectOf(event['usage'])) };
        break;
    }
  }

  answer(): CallAnswer {
    const content = [...this.#blocks.values()].map(({ start, text, thinking, input }) => ({
      ...start,
      ...(typeof start['text'] === 'string' ? { text: start['text'] + text.text() } : {}),
      ...(typeof start['thinking'] === 'string' ? { thinking: start['thinking'] + thinking.text() } : {}),
      ...('input' in start ? { input: parsed(input.text()) ?? start['input'] } : {}),
    }));
    return this.answerOf({ ...this.#message, content, stop_reason: this.#reason });
  }
}

function newBlock(start: Json): Block {
  return { start, text: new TextBuffer(), thinking: new TextBuffer(), input: new TextBuffer() };
}

function known(usage: Json | undefined): Json {
  return Object.fromEntries(Object.entries(usage ?? {}).filter(([, value]) => value !== null));
}

function parsed(text: string): Json | undefined {
  try {
    return text === '' ? undefined : objectOf(JSON.parse(text));
  } catch {
    // A model may stop in the middle of its input.
    return undefined;
  }
}
