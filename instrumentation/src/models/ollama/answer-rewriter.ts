import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { changeDeepTexts } from '../shared/deep-texts.js';
import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { toolCallsOf } from './tool-calls.js';

/**
 * Sends the texts of streamed answers through the guard: answer, thoughts, and the arguments of tools, which come whole. What is held back comes with a later chunk, at the latest
 * with the one that says that the answer is done.
 */
export class AnswerRewriter implements ChunkRewriter {
  readonly #json: boolean;
  readonly #open = new Set<string>();
  #last: Json = {};

  constructor(
    private readonly guard: StreamGuard,
    params: Json,
  ) {
    this.#json = params['format'] !== undefined && params['format'] !== '';
  }

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const chunk = objectOf(value);
    if (!chunk) return [value];
    this.#last = chunk;
    const message = objectOf(chunk['message']);
    if (message) this.#texts(message, ['content', 'thinking'], chunk);
    this.#texts(chunk, ['response', 'thinking'], chunk);
    // Thoughts end where the answer begins.
    const answers = textOf(message?.['content']) + textOf(chunk['response']) !== '';
    if (answers) this.#release(message ?? chunk, ['thinking']);
    for (const call of toolCallsOf(message)) this.guard.called(call);
    for (const item of listOf(message?.['tool_calls'])) {
      const fn = objectOf(objectOf(item)?.['function']);
      const tool = textOf(fn?.['name']);
      if (fn) changeDeepTexts(fn['arguments'], 'arguments', (_path, text) => this.guard.whole(text, { tool }));
    }
    if (chunk['done'] === true) this.#release(message ?? chunk);
    return this.guard.refusal === null ? [chunk] : [];
  }

  finish(): unknown[] {
    const message = objectOf(this.#last['message']);
    const rest: Json = message ? { role: textOf(message['role']), content: '' } : {};
    const before = JSON.stringify(rest);
    this.#release(rest);
    if (JSON.stringify(rest) === before || this.guard.refusal !== null) return [];
    return [{ ...this.#last, ...(message ? { message: rest } : rest) }];
  }

  #texts(node: Json, fields: readonly string[], chunk: Json): void {
    for (const field of fields) {
      const text = node[field];
      if (typeof text !== 'string' || text === '') continue;
      this.#open.add(field);
      node[field] = this.guard.push(field, text, this.#json && field !== 'thinking');
      // They spell the text out again.
      if (node[field] !== text) delete chunk['logprobs'];
    }
  }

  #release(into: Json, fields: readonly string[] = [...this.#open]): void {
    for (const field of fields.filter((each) => this.#open.has(each))) {
      this.#open.delete(field);
      const text = this.guard.finish(field);
      if (text !== '') into[field] = textOf(into[field]) + text;
    }
  }
}
