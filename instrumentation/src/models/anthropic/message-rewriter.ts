import type { ToolCall } from '@guardspan/policy/runtime';
import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { changeDeepTexts } from '../shared/deep-texts.js';
import { HeldThought } from '../shared/held-thought.js';
import type { Json } from '../shared/json.js';
import { objectOf, textOf } from '../shared/json.js';

/** Deltas that carry text: the type of the delta, its field, and whether the text is JSON source. */
const DELTAS: Readonly<Record<string, { field: string; json: boolean }>> = {
  text_delta: { field: 'text', json: false },
  thinking_delta: { field: 'thinking', json: false },
  input_json_delta: { field: 'partial_json', json: true },
};

/** Fields of results of tools that are texts. */
const RESULTS = new Set(['content', 'text', 'title', 'context', 'thinking', 'cited_text', 'stdout', 'stderr']);
/** Blocks that call a tool. */
export const TOOL_BLOCKS: ReadonlySet<string> = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use']);

/**
 * Sends the texts of a streamed message through the guard: text, thinking and the input of tools, whose JSON stays valid. What is held back of a block comes as
 * one more delta before the block ends. Cited texts go through the guard as they come, each in one piece. While a guard-rail may change texts, a thought comes in one
 * delta before its signature, or without its text when that was changed: the API refuses a changed thought with its signature in the next turn.
 */
export class MessageRewriter implements ChunkRewriter {
  readonly #json: boolean;
  /** For each block that has text waiting or may have: its path and the kind of its deltas. */
  readonly #open = new Map<number, { path: string; type: string }>();
  /** Thoughts of blocks that are open; only when they may be changed. */
  readonly #thoughts = new Map<number, HeldThought>();
  /** Blocks that came with their signature. */
  readonly #signed = new Set<number>();

  constructor(
    private readonly guard: StreamGuard,
    params: Json,
  ) {
    const format = objectOf(objectOf(params['output_config'])?.['format']) ?? objectOf(params['output_format']);
    this.#json = textOf(format?.['type']) === 'json_schema';
  }

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const event = objectOf(value);
    if (!event) return [value];
    const index = typeof event['index'] === 'number' ? event['index'] : 0;
    let out: unknown[] = [event];
    switch (event['type']) {
      case 'content_block_start':
        out = [...this.#rest(index), event];
        this.#start(index, objectOf(event['content_block']));
        break;
      case 'content_block_delta':
        out = this.#delta(index, event);
        break;
      case 'content_block_stop':
        out = [...this.#rest(index), event];
        break;
      case 'message_delta':
      case 'message_stop':
        out = [...[...this.#open.keys()].flatMap((each) => this.#rest(each)), event];
        break;
    }
    return this.guard.refusal === null ? out : [];
  }

  finish(): unknown[] {
    const out = [...this.#open.keys()].flatMap((index) => this.#rest(index));
    return this.guard.refusal === null ? out : [];
  }

  #delta(index: number, event: Json): unknown[] {
    const delta = objectOf(event['delta']);
    const type = textOf(delta?.['type']);
    if (!delta) return [event];
    if (type === 'signature_delta') {
      if (textOf(delta['signature']) !== '') this.#signed.add(index);
      return [...this.#rest(index), event];
    }
    if (!Object.hasOwn(DELTAS, type)) {
      this.#whole(objectOf(delta['citation']), 'cited_text');
      return [event];
    }
    const { field, json } = DELTAS[type]!;
    const path = `content.${index}.${field}`;
    this.#open.set(index, { path, type });
    const came = textOf(delta[field]);
    const released = this.guard.push(path, came, json || (this.#json && field === 'text'));
    if (this.#holds(index, type, came, released)) return [];
    delta[field] = released;
    return [event];
  }

  /** True when what was released of a thought waits for the end of the thought. */
  #holds(index: number, type: string, came: string, released: string): boolean {
    if (type !== 'thinking_delta' || !this.guard.changesTexts) return false;
    let thought = this.#thoughts.get(index);
    if (!thought) this.#thoughts.set(index, (thought = new HeldThought()));
    thought.add(came, released);
    return true;
  }

  /** A block begins; results of tools of the provider's own come whole with it, and so may a text or what a tool is given. */
  #start(index: number, block: Json | undefined): void {
    if (!block) return;
    this.#whole(block, 'text');
    this.#thought(index, block);
    block['content'] &&= changeDeepTexts(block['content'], 'content', (path, text) =>
      RESULTS.has(path.slice(path.lastIndexOf('.') + 1)) ? this.guard.whole(text) : text,
    );
    if (!TOOL_BLOCKS.has(textOf(block['type']))) return;
    const tool = textOf(block['name']);
    const input = objectOf(block['input']) ?? {};
    if (Object.keys(input).length > 0) {
      this.guard.called({ name: tool, arguments: input as ToolCall['arguments'] });
      changeDeepTexts(input, 'input', (_path, text) => this.guard.whole(text, { tool }));
    }
    const path = `content.${index}.partial_json`;
    this.guard.tool(path, tool);
    this.#open.set(index, { path, type: 'input_json_delta' });
  }

  #rest(index: number): Json[] {
    const open = this.#open.get(index);
    if (!open) return [];
    this.#open.delete(index);
    const rest = this.guard.finish(open.path);
    const text = this.#thoughts.get(index)?.text(rest, this.#signed.has(index)) ?? rest;
    this.#thoughts.delete(index);
    const { field } = DELTAS[open.type]!;
    return text === '' ? [] : [{ type: 'content_block_delta', index, delta: { type: open.type, [field]: text } }];
  }

  /** A thought, or the beginning of one, that comes with its block. */
  #thought(index: number, block: Json): void {
    const came = textOf(block['thinking']);
    if (came === '') return;
    this.#whole(block, 'thinking');
    if (!this.#holds(index, 'thinking_delta', came, textOf(block['thinking']))) return;
    if (textOf(block['signature']) !== '') this.#signed.add(index);
    this.#open.set(index, { path: `content.${index}.thinking`, type: 'thinking_delta' });
    block['thinking'] = '';
  }

  /** A text that comes in one piece. */
  #whole(node: Json | undefined, field: string): void {
    const text = node?.[field];
    if (typeof text !== 'string' || text === '') return;
    node![field] = this.guard.whole(text);
  }
}
