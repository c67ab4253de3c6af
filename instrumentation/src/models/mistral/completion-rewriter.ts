import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { afterGoing } from '../shared/after-going.js';
import { changeDeepTexts } from '../shared/deep-texts.js';
import { CallSlots } from '../shared/call-slots.js';
import { hasEnded, listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { toolCallOf } from './messages.js';

/** Where a text that waits belongs to: the answer, the thoughts, or the arguments of a tool call. */
interface Place {
  choice: number;
  field: 'content' | 'chunk' | 'thinking' | 'arguments';
  tool: number;
  /** Tells calls apart that have the same number; empty for other texts. */
  call: string;
}

/**
 * Sends the texts of streamed completions through the guard: answer and thoughts of each choice, and the arguments of each tool call, whose JSON stays valid. Events are changed in
 * place; what is held back comes with a later event of the same choice, at the latest with the one that ends it.
 */
export class CompletionRewriter implements ChunkRewriter {
  readonly #json: boolean;
  readonly #places = new Map<string, Place>();
  readonly #calls = new CallSlots();
  /** By choice what of its thoughts came and has not gone out; undefined from when something else went out. */
  readonly #thoughts = new Map<number, string | undefined>();
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
    // The event with the usage must not come twice.
    if (listOf(data['choices']).length > 0) this.#last = event;
    for (const item of listOf(data['choices'])) {
      const choice = objectOf(item);
      if (choice) this.#choice(choice);
    }
    return this.guard.refusal === null ? [event] : [];
  }

  finish(): unknown[] {
    const choices = [...new Set([...this.#places.values()].map(({ choice }) => choice))].flatMap((index) => {
      const delta: Json = {};
      this.#release(delta, ({ choice: each }) => each === index);
      return Object.keys(delta).length === 0 ? [] : [{ index, delta, finishReason: null }];
    });
    if (choices.length === 0 || this.guard.refusal !== null) return [];
    return [{ ...this.#last, data: { ...withoutUsage(objectOf(this.#last['data'])), choices } }];
  }

  #choice(choice: Json): void {
    const index = typeof choice['index'] === 'number' ? choice['index'] : 0;
    const delta = objectOf(choice['delta']) ?? {};
    if (typeof delta['content'] === 'string') {
      delta['content'] = this.#push(
        { choice: index, field: 'content', tool: 0, call: '' },
        delta['content'],
        this.#json,
      );
    }
    for (const item of listOf(delta['content'])) this.#chunk(index, objectOf(item));
    const calls = listOf(delta['toolCalls']);
    const released = calls.flatMap((item, position) => this.#call(index, objectOf(item), position) ?? [item]);
    if (released.length > calls.length) delta['toolCalls'] = released;
    if (!hasEnded(choice['finishReason'])) return;
    this.#release(delta, ({ choice: each }) => each === index);
    if (choice['delta'] !== delta && Object.keys(delta).length > 0) choice['delta'] = delta;
  }

  /** A piece of a tool call, behind what is held back of another one whose place it takes. */
  #call(choice: number, call: Json | undefined, position: number): Json[] | undefined {
    const fn = objectOf(call?.['function']);
    if (!call || !fn) return undefined;
    const tool = typeof call['index'] === 'number' ? call['index'] : position;
    const { arguments: args } = fn;
    const name = textOf(fn['name']);
    if (objectOf(args)) {
      this.guard.called(toolCallOf(name, args));
      changeDeepTexts(args, 'arguments', (_path, text) => this.guard.whole(text, { tool: name }));
      return [call];
    }
    const { key, ends } = this.#calls.at(`${choice}.${tool}`, call['id'], name);
    const before: Json = {};
    if (ends !== undefined) this.#release(before, (place) => place.call === ends);
    // The name of a call may come before the first piece of its arguments does.
    const place: Place = { choice, field: 'arguments', tool, call: key };
    this.#places.set(pathOf(place), place);
    this.guard.tool(pathOf(place), name);
    if (typeof args === 'string') fn['arguments'] = this.#push(place, args, true);
    return [...(listOf(before['toolCalls']) as Json[]), call];
  }

  #chunk(choice: number, chunk: Json | undefined): void {
    if (typeof chunk?.['text'] === 'string') {
      chunk['text'] = this.#push({ choice, field: 'chunk', tool: 0, call: '' }, chunk['text'], false);
    }
    for (const item of listOf(chunk?.['thinking'])) {
      const thought = objectOf(item);
      if (typeof thought?.['text'] !== 'string') continue;
      const came = thought['text'];
      const went = this.#push({ choice, field: 'thinking', tool: 0, call: '' }, came, false);
      thought['text'] = went;
      this.#thoughts.set(choice, afterGoing(this.#thoughts.has(choice) ? this.#thoughts.get(choice) : '', came, went));
    }
    if (chunk && this.guard.changesTexts && textOf(chunk['signature']) !== '') this.#signed(choice, chunk);
  }

  /** The end of a thought, which its signature is: what is held back of it comes with it, and a thought that was changed has none. */
  #signed(choice: number, chunk: Json): void {
    const path = pathOf({ choice, field: 'thinking', tool: 0, call: '' });
    this.#places.delete(path);
    const text = this.guard.finish(path);
    if (text !== '') chunk['thinking'] = [...listOf(chunk['thinking']), { type: 'text', text }];
    const waits = this.#thoughts.has(choice) ? this.#thoughts.get(choice) : '';
    if (afterGoing(waits, '', text) !== '') delete chunk['signature'];
    this.#thoughts.delete(choice);
  }

  #push(place: Place, text: string, json: boolean): string {
    const path = pathOf(place);
    this.#places.set(path, place);
    return this.guard.push(path, text, json);
  }

  /** Adds what is held back of ended texts to a delta. */
  #release(delta: Json, wanted: (place: Place) => boolean): void {
    for (const [path, place] of this.#places) {
      if (!wanted(place)) continue;
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

function withoutUsage(data: Json | undefined): Json {
  const { usage: _, ...rest } = data ?? {};
  return rest;
}

function pathOf({ choice, field, call }: Place): string {
  return `choices.${choice}.${field}.${call}`;
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
