import type { ToolCall } from '@guardspan/policy/runtime';
import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { changeDeepTexts } from '../shared/deep-texts.js';
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
 * one more delta before the block ends. Cited texts go through the guard as they come, each in one piece.
 */
export class MessageRewriter implements ChunkRewriter {
  readonly #json: boolean;
  /** For each block that has text waiting or may have: its path and the kind of its deltas. */
  readonly #open = new Map<number, { path: string; type: string }>();

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
        this.#delta(index, objectOf(event['delta']));
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

  #delta(index: number, delta: Json | undefined): void {
    const type = textOf(delta?.['type']);
    if (!delta) return;
    if (!Object.hasOwn(DELTAS, type)) {
      this.#whole(objectOf(delta['citation']), 'cited_text');
      return;
    }
    const { field, json } = DELTAS[type]!;
    const path = `content.${index}.${field}`;
    this.#open.set(index, { path, type });
    delta[field] = this.guard.push(path, textOf(delta[field]), json || (this.#json && field === 'text'));
  }

  /** A block begins; results of tools of the provider's own come whole with it, and so may a text or what a tool is given. */
  #start(index: number, block: Json | undefined): void {
    if (!block) return;
    this.#whole(block, 'text');
    this.#whole(block, 'thinking');
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
    const text = this.guard.finish(open.path);
    const { field } = DELTAS[open.type]!;
    return text === '' ? [] : [{ type: 'content_block_delta', index, delta: { type: open.type, [field]: text } }];
  }

  /** A text that comes in one piece. */
  #whole(node: Json | undefined, field: string): void {
    const text = node?.[field];
    if (typeof text !== 'string' || text === '') return;
    node![field] = this.guard.whole(text);
  }
}
