import type { GuardrailDeniedError } from '../../../actions/errors.js';
import type { ChunkRewriter } from '../../../stream/observe-stream.js';
import type { StreamGuard } from '../../../stream/stream-guard.js';
import type { Json } from '../../shared/json.js';
import { CallSlots } from '../../shared/call-slots.js';
import { hasEnded, listOf, objectOf, textOf } from '../../shared/json.js';
import { deltaTexts } from '../message-texts.js';
import { DelayedLogprobs } from './delayed-logprobs.js';
import { SpokenAudio } from './spoken-audio.js';

/** Where a text that waits belongs to. */
interface Place {
  choice: number;
  /** Adds released text to a delta, as the provider would send it. */
  add: (delta: Json, text: string) => void;
}

/**
 * Sends the texts of `chat.completion.chunk`s through the guard: answer, refusal, reasoning and transcript of each choice, and the arguments of each tool call, whose
 * JSON stays valid. Chunks are changed in place (they are parsed for this call alone) and keep their number; what is held back comes with a later
 * chunk of the same choice, at the latest with the one that ends it.
 */
export class ChatRewriter implements ChunkRewriter {
  readonly #json: boolean;
  readonly #places = new Map<string, Place>();
  readonly #calls = new CallSlots();
  readonly #logprobs = new Map<string, DelayedLogprobs>();
  readonly #spoken = new Map<number, SpokenAudio>();
  #last: Json = {};

  constructor(
    private readonly guard: StreamGuard,
    params: Json,
  ) {
    const format = textOf(objectOf(params['response_format'])?.['type']);
    this.#json = format === 'json_schema' || format === 'json_object';
  }

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const chunk = objectOf(value);
    if (!chunk) return [value];
    // The chunk with the usage must not come twice.
    if (listOf(chunk['choices']).length > 0) this.#last = chunk;
    for (const item of listOf(chunk['choices'])) {
      const choice = objectOf(item);
      if (choice) this.#choice(choice);
    }
    return this.guard.refusal === null ? [chunk] : [];
  }

  finish(): unknown[] {
    const rest = new Map<number, Json>();
    for (const [path, place] of this.#places) {
      const text = this.guard.finish(path);
      if (text === '') continue;
      let delta = rest.get(place.choice);
      if (!delta) rest.set(place.choice, (delta = {}));
      place.add(delta, text);
    }
    if (rest.size === 0 || this.guard.refusal !== null) return [];
    const choices = [...rest].map(([index, delta]) => ({ index, delta, finish_reason: null }));
    return [{ ...this.#last, ...(this.#last['usage'] ? { usage: null } : {}), choices }];
  }

  #choice(choice: Json): void {
    const index = typeof choice['index'] === 'number' ? choice['index'] : 0;
    const delta = objectOf(choice['delta']);
    if (delta) this.#delta(index, delta, objectOf(choice['logprobs']));
    if (!hasEnded(choice['finish_reason'])) return;
    const last = delta ?? {};
    this.#release(last, (_path, place) => place.choice === index);
    if (!delta && Object.keys(last).length > 0) choice['delta'] = last;
  }

  #delta(choice: number, delta: Json, logprobs: Json | undefined): void {
    const said = deltaTexts(delta);
    const out = said.map(({ path, piece, add, replace }) => {
      const at = `choices.${choice}.message.${path}`;
      // A later piece may come in another form, and the rest goes out in that.
      this.#places.set(at, { choice, add });
      const released = this.guard.push(at, piece, this.#json && path === 'content');
      if (released !== piece) replace(released);
      return { path, piece, released };
    });
    for (const field of ['content', 'refusal']) {
      const entries = logprobs?.[field];
      const of = out.filter(({ path }) => path === field);
      if (!Array.isArray(entries) || of.length === 0) continue;
      const path = `choices.${choice}.message.${field}`;
      let delayed = this.#logprobs.get(path);
      if (!delayed) this.#logprobs.set(path, (delayed = new DelayedLogprobs()));
      const [text, released] = [of.map(({ piece }) => piece).join(''), of.map((each) => each.released).join('')];
      logprobs![field] = delayed.take(entries, text, released, this.guard.heldAt(path));
    }
    this.#speech(choice, objectOf(delta['audio']), out);
    const legacy = objectOf(delta['function_call']);
    if (legacy) {
      const place = { choice, add: addLegacy };
      this.#arguments(`choices.${choice}.message.function_call.arguments`, place, legacy, 'arguments');
    }
    const calls = listOf(delta['tool_calls']);
    const released = calls.flatMap((item, position) => this.#call(choice, objectOf(item), position) ?? [item]);
    if (released.length > calls.length) delta['tool_calls'] = released;
  }

  /** Audio whose transcript was changed would say what was cut out. */
  #speech(
    choice: number,
    audio: Json | undefined,
    out: readonly { path: string; piece: string; released: string }[],
  ): void {
    if (!audio) return;
    let spoken = this.#spoken.get(choice);
    if (!spoken) this.#spoken.set(choice, (spoken = new SpokenAudio()));
    for (const { path, piece, released } of out) if (path === 'audio.transcript') spoken.said(piece, released);
    if (spoken.changed && typeof audio['data'] === 'string') audio['data'] = '';
  }

  /** A piece of a tool call, behind what is held back of another one whose place it takes. */
  #call(choice: number, call: Json | undefined, position: number): Json[] | undefined {
    if (!call) return undefined;
    const tool = typeof call['index'] === 'number' ? call['index'] : position;
    const [fn, custom] = [objectOf(call['function']), objectOf(call['custom'])];
    const place = `choices.${choice}.message.tool_calls.${tool}`;
    const { key, ends } = this.#calls.at(place, call['id'], textOf((fn ?? custom)?.['name']));
    const before: Json = {};
    if (ends !== undefined) this.#release(before, (path) => path.startsWith(`${ends}.`));
    if (fn)
      this.#arguments(
        `${key}.function.arguments`,
        { choice, add: addGiven(tool, 'function', 'arguments') },
        fn,
        'arguments',
      );
    if (custom)
      this.#arguments(`${key}.custom.input`, { choice, add: addGiven(tool, 'custom', 'input') }, custom, 'input');
    return [...(listOf(before['tool_calls']) as Json[]), call];
  }

  /** Adds what is held back of ended texts to a delta. */
  #release(delta: Json, wanted: (path: string, place: Place) => boolean): void {
    for (const [path, place] of this.#places) {
      if (!wanted(path, place)) continue;
      this.#places.delete(path);
      const text = this.guard.finish(path);
      if (text !== '') place.add(delta, text);
    }
  }

  /** A piece of a tool call: its name, a piece of its arguments, or both. */
  #arguments(path: string, place: Place, call: Json, field: 'arguments' | 'input'): void {
    if (!this.#places.has(path)) this.#places.set(path, place);
    this.guard.tool(path, textOf(call['name']));
    const piece = call[field];
    if (typeof piece === 'string') call[field] = this.guard.push(path, piece, field === 'arguments');
  }
}

function addLegacy(delta: Json, text: string): void {
  const call = objectOf(delta['function_call']) ?? {};
  delta['function_call'] = { ...call, arguments: textOf(call['arguments']) + text };
}

function addGiven(tool: number, key: 'function' | 'custom', field: 'arguments' | 'input'): Place['add'] {
  return (delta, text) => {
    const calls = listOf(delta['tool_calls']).slice();
    const at = calls.findIndex((each) => objectOf(each)?.['index'] === tool);
    const call: Json = objectOf(calls[at]) ?? { index: tool };
    const body = objectOf(call[key]) ?? {};
    const changed = { ...call, [key]: { ...body, [field]: textOf(body[field]) + text } };
    if (at === -1) calls.push(changed);
    else calls[at] = changed;
    delta['tool_calls'] = calls;
  };
}
