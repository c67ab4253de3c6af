import type { ToolCall } from '@guardspan/policy/runtime';
import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { changeDeepTexts } from '../shared/deep-texts.js';
import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { resourceAt } from '../shared/resource-at.js';

/** A text of several events: where it stands in them, and the event that began it. */
interface Open {
  place: readonly string[];
  event: Json;
}

const CONTENT = ['delta', 'message', 'content'] as const;
const PLAN = ['delta', 'message', 'toolPlan'] as const;
const ARGUMENTS = ['delta', 'message', 'toolCalls', 'function', 'arguments'] as const;

/** Events of the first API that carry whole texts: the answer again, what the model looks up, calls of tools. */
const WHOLE = new Set(['stream-end', 'tool-calls-generation', 'search-queries-generation', 'citation-generation']);

/**
 * Sends the texts of streamed events of either API through the guard: content and thoughts of each part, the plan, and the arguments of tools, whose JSON stays valid. What is held
 * back of a text comes as one more event of its kind before the event that ends it.
 */
export class EventRewriter implements ChunkRewriter {
  readonly #json: boolean;
  readonly #open = new Map<string, Open>();
  /** Calls of tools have been seen. */
  #tools = false;

  constructor(
    private readonly guard: StreamGuard,
    params: Json,
  ) {
    const format = objectOf(params['responseFormat']);
    this.#json = textOf(format?.['type']) === 'json_object';
  }

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const event = objectOf(value);
    if (!event) return [value];
    const before = this.#event(event);
    return this.guard.refusal === null ? [...before, event] : [];
  }

  finish(): unknown[] {
    const rest = this.#rest(() => true);
    return this.guard.refusal === null ? rest : [];
  }

  #event(event: Json): Json[] {
    const type = textOf(event['type']) || textOf(event['eventType']);
    const index = typeof event['index'] === 'number' ? event['index'] : 0;
    switch (type) {
      case 'content-start':
      case 'content-delta': {
        const before = type === 'content-start' ? this.#rest((path) => path.startsWith(`content.${index}.`)) : [];
        this.#text(event, [...CONTENT, 'text'], `content.${index}.text`, this.#json);
        this.#text(event, [...CONTENT, 'thinking'], `content.${index}.thinking`, false);
        return before;
      }
      case 'tool-plan-delta':
        this.#text(event, PLAN, 'toolPlan', false);
        return [];
      case 'tool-call-start':
      case 'tool-call-delta': {
        const own = `toolCalls.${index}.arguments`;
        const before = this.#rest((path) => path === 'toolPlan' || (type === 'tool-call-start' && path === own));
        this.#tool(event, ARGUMENTS, own);
        return before;
      }
      case 'content-end':
        return this.#rest((path) => path.startsWith(`content.${index}.`));
      case 'tool-call-end':
        return this.#rest((path) => path === `toolCalls.${index}.arguments`);
      case 'text-generation':
        this.#text(event, ['text'], 'text', false);
        return [];
      case 'tool-calls-chunk': {
        const call = String(objectOf(event['toolCallDelta'])?.['index']);
        this.#tool(event, ['toolCallDelta', 'parameters'], `toolCalls.${call}.parameters`);
        this.#text(event, ['text'], 'plan', false);
        return [];
      }
      case 'message-end':
        return this.#rest(() => true);
    }
    if (type === 'citation-start') {
      changeDeepTexts(event['delta'], 'delta', (path, text) =>
        path.endsWith('.text') ? this.guard.whole(text) : text,
      );
    }
    if (!WHOLE.has(type)) return [];
    const rest = this.#rest(() => true);
    // Calls that were streamed are known by now.
    for (const item of this.#tools ? [] : listOf(event['toolCalls'])) {
      const call = objectOf(item);
      const { name, parameters } = call ?? {};
      this.guard.called({ name: textOf(name), arguments: (objectOf(parameters) ?? {}) as ToolCall['arguments'] });
    }
    this.#tools ||= listOf(event['toolCalls']).length > 0;
    for (const [key, field] of Object.entries(event)) {
      event[key] = changeDeepTexts(field, key, (_path, text, tool) => this.guard.whole(text, { tool }), {
        calls: true,
      });
    }
    return rest;
  }

  /** A piece of a call of a tool: its name, a piece of what it is given, or both. */
  #tool(event: Json, place: readonly string[], path: string): void {
    const call = objectOf(resourceAt(event, place.slice(0, -1)));
    if (!call) return;
    this.#tools = true;
    this.guard.tool(path, textOf(call['name']));
    this.#begin(event, place, path);
    this.#text(event, place, path, true);
  }

  #begin(event: Json, place: readonly string[], path: string): void {
    if (this.#open.has(path)) return;
    const type = textOf(event['type']).replace('-start', '-delta');
    this.#open.set(path, { place, event: structuredClone({ ...event, ...(type === '' ? {} : { type }) }) });
  }

  /** Sends the text at a place of an event through the guard. */
  #text(event: Json, place: readonly string[], path: string, json: boolean): void {
    const node = objectOf(resourceAt(event, place.slice(0, -1)));
    const field = place.at(-1)!;
    const text = node?.[field];
    if (!node || typeof text !== 'string' || text === '') return;
    this.#begin(event, place, path);
    node[field] = this.guard.push(path, text, json);
    // They spell the text out again.
    if (node[field] !== text) delete event['logprobs'];
  }

  #rest(wanted: (path: string) => boolean): Json[] {
    const events: Json[] = [];
    for (const [path, open] of this.#open) {
      if (!wanted(path)) continue;
      this.#open.delete(path);
      const text = this.guard.finish(path);
      if (text === '') continue;
      (resourceAt(open.event, open.place.slice(0, -1)) as Json)[open.place.at(-1)!] = text;
      events.push(open.event);
    }
    return events;
  }
}
