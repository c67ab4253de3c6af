import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';

/** A text of one block: which one, and what makes a delta of it. */
interface Open {
  index: unknown;
  delta(text: string): Json;
}

/**
 * Sends the texts of a stream of Converse through the guard: text, thoughts and the input of tools, whose JSON stays valid. What is held back of a block comes as one more delta before the
 * block ends. Nova models stream the same events through InvokeModel.
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
    if (block && delta) this.#delta(block['contentBlockIndex'], delta);
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
    const thought = objectOf(delta['reasoningContent']);
    this.#text(index, thought, 'text', 'reasoning', false, (text) => ({ reasoningContent: { text } }));
    const use = objectOf(delta['toolUse']);
    this.#text(index, use, 'input', 'input', true, input);
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
  #rest(index?: unknown): Json[] {
    const events: Json[] = [];
    for (const [path, open] of this.#open) {
      if (index !== undefined && open.index !== index) continue;
      this.#open.delete(path);
      const text = this.guard.finish(path);
      if (text === '') continue;
      events.push({ contentBlockDelta: { contentBlockIndex: open.index, delta: open.delta(text) } });
    }
    return events;
  }
}

/** A delta of what a tool is given. */
function input(text: string): Json {
  return { toolUse: { input: text } };
}
