import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { changeDeepTexts } from '../shared/deep-texts.js';
import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { toolCallOf } from './messages.js';

/** Where a text that waits belongs to: the answer, the thoughts, or the arguments of a tool call. */
interface Place {
  choice: number;
  field: 'content' | 'chunk' | 'thinking' | 'arguments';
  tool: number;
}

/**
 * Sends the texts of streamed completions through the guard: answer and thoughts of each choice, and the arguments of each tool call, whose JSON stays valid. Events are changed in
 * place; what is held back comes with a later event of the same choice, at the latest with the one that ends it.
 */
export class CompletionRewriter implements ChunkRewriter {
  readonly #json: boolean;
  readonly #places = new Map<string, Place>();
  #last: Json = {};

  constructor(
    private readonly guard: StreamGuard,
    params: Json,
  ) {
    const format = textOf(objectOf(params['responseFormat'])?.['type']);
    this.#json = format === 'json_schema' || format === 'json_object';
  }

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const event = objectOf(value);
    const data = objectOf(event?.['data']);
    if (!event || !data) return [value];
    this.#last = event;
    for (const item of listOf(data['choices'])) {
      const choice = objectOf(item);
      if (choice) this.#choice(choice);
    }
    return this.guard.refusal === null ? [event] : [];
  }

  finish(): unknown[] {
    const choices = [...new Set([...this.#places.values()].map(({ choice }) => choice))].flatMap((index) => {
      const delta: Json = {};
      this.#release(index, delta);
      return Object.keys(delta).length === 0 ? [] : [{ index, delta, finishReason: null }];
    });
    if (choices.length === 0 || this.guard.refusal !== null) return [];
    return [{ ...this.#last, data: { ...objectOf(this.#last['data']), choices } }];
  }

  #choice(choice: Json): void {
    const index = typeof choice['index'] === 'number' ? choice['index'] : 0;
    const delta = objectOf(choice['delta']) ?? {};
    if (typeof delta['content'] === 'string') {
      delta['content'] = this.#push({ choice: index, field: 'content', tool: 0 }, delta['content'], this.#json);
    }
    for (const item of listOf(delta['content'])) this.#chunk(index, objectOf(item));
    listOf(delta['toolCalls']).forEach((item, position) => {
      const call = objectOf(item);
      const fn = objectOf(call?.['function']);
      if (!fn) return;
      const tool = typeof call?.['index'] === 'number' ? call['index'] : position;
      const args = fn['arguments'];
      const name = textOf(fn['name']);
      if (objectOf(args)) {
        this.guard.called(toolCallOf(name, args));
        changeDeepTexts(args, 'arguments', (_path, text) => this.guard.whole(text, { tool: name }));
        return;
      }
      // The name of a call may come before the first piece of its arguments does.
      const place: Place = { choice: index, field: 'arguments', tool };
      this.#places.set(pathOf(place), place);
      this.guard.tool(pathOf(place), name);
      if (typeof args === 'string') fn['arguments'] = this.#push(place, args, true);
    });
    if (typeof choice['finishReason'] !== 'string') return;
    this.#release(index, delta);
    if (choice['delta'] !== delta && Object.keys(delta).length > 0) choice['delta'] = delta;
  }

  #chunk(choice: number, chunk: Json | undefined): void {
    if (typeof chunk?.['text'] === 'string') {
      chunk['text'] = this.#push({ choice, field: 'chunk', tool: 0 }, chunk['text'], false);
    }
    for (const item of listOf(chunk?.['thinking'])) {
      const thought = objectOf(item);
      if (typeof thought?.['text'] !== 'string') continue;
      thought['text'] = this.#push({ choice, field: 'thinking', tool: 0 }, thought['text'], false);
    }
  }

  #push(place: Place, text: string, json: boolean): string {
    const path = pathOf(place);
    this.#places.set(path, place);
    return this.guard.push(path, text, json);
  }

  /** Adds what is held back of a choice to a delta. */
  #release(choice: number, delta: Json): void {
    for (const [path, place] of this.#places) {
      if (place.choice !== choice) continue;
      this.#places.delete(path);
      const text = this.guard.finish(path);
      if (text === '') continue;
      if (place.field === 'content') delta['content'] = textOf(delta['content']) + text;
      else if (place.field === 'arguments') addArguments(delta, place.tool, text);
      else {
        const chunk = { type: 'text', text };
        const added = place.field === 'chunk' ? chunk : { type: 'thinking', thinking: [chunk] };
        delta['content'] = [...listOf(delta['content']), added];
      }
    }
  }
}

function pathOf({ choice, field, tool }: Place): string {
  return `choices.${choice}.${field}.${tool}`;
}

function addArguments(delta: Json, tool: number, text: string): void {
  const calls = listOf(delta['toolCalls']).slice();
  const at = calls.findIndex((each) => objectOf(each)?.['index'] === tool);
  const call: Json = objectOf(calls[at]) ?? { id: 'null', index: tool };
  const fn = objectOf(call['function']) ?? { name: '' };
  const changed = { ...call, function: { ...fn, arguments: textOf(fn['arguments']) + text } };
  if (at === -1) calls.push(changed);
  else calls[at] = changed;
  delta['toolCalls'] = calls;
}
