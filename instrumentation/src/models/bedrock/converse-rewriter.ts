import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { HeldThought } from '../shared/held-thought.js';
import { objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';

/** A text of one block: which one, and what makes a delta of it. */
interface Open {
  index: unknown;
  delta(text: string): Json;
  /** A thought that waits for its end, because it may be signed; otherwise absent. */
  thought?: HeldThought;
}

/**
 * Sends the texts of a stream of Converse through the guard: text, thoughts and the input of tools, whose JSON stays valid. What is held back of a block comes as one more delta before the
 * block ends. While a guard-rail may change texts, a thought comes in one delta before its signature, or without its text when that was changed. Nova models
 * stream the same events through InvokeModel.
 */
export class ConverseRewriter implements ChunkRewriter {
  readonly #open = new Map<string, Open>();

  constructor(private readonly guard: StreamGuard) {}

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const event = objectOf(value);
    if (!event) return [value];
    let before: Json[] = [];
    const start = objectOf(event['contentBlockStart']);
    const began = objectOf(objectOf(start?.['start'])?.['toolUse']);
    if (start) before = this.#rest(start['contentBlockIndex']);
    if (start && began) this.#tool(start['contentBlockIndex'], textOf(began['name']));
    const block = objectOf(event['contentBlockDelta']);
    const delta = objectOf(block?.['delta']);
    if (block && delta) {
      const thoughts = this.#thought(block['contentBlockIndex'], objectOf(delta['reasoningContent']));
      if (thoughts === null) return [];
      before = thoughts;
      this.#delta(block['contentBlockIndex'], delta);
    }
    const stop = objectOf(event['contentBlockStop']);
    if (stop) before = this.#rest(stop['contentBlockIndex']);
    else if (event['messageStop'] !== undefined) before = this.#rest();
    return this.guard.refusal === null ? [...before, event] : [];
  }

  finish(): unknown[] {
    const rest = this.#rest();
    return this.guard.refusal === null ? rest : [];
  }

  #delta(index: unknown, delta: Json): void {
    this.#text(index, delta, 'text', 'text', false, (text) => ({ text }));
    if (!this.guard.changesTexts) {
      this.#text(index, objectOf(delta['reasoningContent']), 'text', 'reasoning', false, thinking);
    }
    const use = objectOf(delta['toolUse']);
    this.#text(index, use, 'input', 'input', true, input);
  }

  /** Thoughts that may be changed: null for a piece that waits; else what goes ahead of the event. */
  #thought(index: unknown, node: Json | undefined): Json[] | null {
    if (!node || !this.guard.changesTexts) return [];
    const path = `content.${String(index)}.reasoning`;
    const came = node['text'];
    if (typeof came === 'string') {
      const open = this.#open.get(path) ?? { index, delta: thinking, thought: new HeldThought() };
      this.#open.set(path, open);
      open.thought?.add(came, this.guard.push(path, came));
      return null;
    }
    return textOf(node['signature']) === '' ? [] : this.#rest(index, true);
  }

  /** A call of a tool begins. */
  #tool(index: unknown, name: string): void {
    const path = `content.${String(index)}.input`;
    this.guard.tool(path, name);
    this.#open.set(path, { index, delta: input });
  }

  #text(
    index: unknown,
    node: Json | undefined,
    field: string,
    kind: string,
    json: boolean,
    delta: Open['delta'],
  ): void {
    const text = node?.[field];
    if (!node || typeof text !== 'string' || text === '') return;
    const path = `content.${String(index)}.${kind}`;
    this.#open.set(path, { index, delta });
    node[field] = this.guard.push(path, text, json);
  }

  /** Deltas with what is held back of a block; of all when none is named. */
  #rest(index?: unknown, signed = false): Json[] {
    const events: Json[] = [];
    for (const [path, open] of this.#open) {
      if (index !== undefined && open.index !== index) continue;
      this.#open.delete(path);
      const rest = this.guard.finish(path);
      const text = open.thought?.text(rest, signed) ?? rest;
      if (text === '') continue;
      events.push({ contentBlockDelta: { contentBlockIndex: open.index, delta: open.delta(text) } });
    }
    return events;
  }
}

/** A delta of a thought. */
function thinking(text: string): Json {
  return { reasoningContent: { text } };
}

/** A delta of what a tool is given. */
function input(text: string): Json {
  return { toolUse: { input: text } };
}
