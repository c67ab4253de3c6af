import type { GuardrailDeniedError } from '../../../actions/errors.js';
import type { ChunkRewriter } from '../../../stream/observe-stream.js';
import type { StreamGuard } from '../../../stream/stream-guard.js';
import type { Json } from '../../shared/json.js';
import { hasEnded, listOf, objectOf, textOf } from '../../shared/json.js';

/** Sends the texts of streamed `text_completion`s through the guard. Log probabilities name tokens, so a chunk keeps them only when its text went out unchanged. */
export class CompletionRewriter implements ChunkRewriter {
  readonly #choices = new Set<number>();
  #last: Json = {};

  constructor(private readonly guard: StreamGuard) {}

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
      if (!choice) continue;
      const index = typeof choice['index'] === 'number' ? choice['index'] : 0;
      this.#choices.add(index);
      const text = textOf(choice['text']);
      let released = this.guard.push(pathOf(index), text);
      if (hasEnded(choice['finish_reason'])) released += this.guard.finish(pathOf(index));
      if (released !== text && choice['logprobs']) choice['logprobs'] = null;
      if (released !== '' || typeof choice['text'] === 'string') choice['text'] = released;
    }
    return this.guard.refusal === null ? [chunk] : [];
  }

  finish(): unknown[] {
    const choices = [...this.#choices].flatMap((index) => {
      const text = this.guard.finish(pathOf(index));
      return text === '' ? [] : [{ index, text, finish_reason: null, logprobs: null }];
    });
    return choices.length === 0 || this.guard.refusal !== null
      ? []
      : [{ ...this.#last, ...(this.#last['usage'] ? { usage: null } : {}), choices }];
  }
}

function pathOf(choice: number): string {
  return `choices.${choice}.text`;
}
