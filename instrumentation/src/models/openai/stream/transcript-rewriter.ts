import type { GuardrailDeniedError } from '../../../actions/errors.js';
import type { ChunkRewriter } from '../../../stream/observe-stream.js';
import type { StreamGuard } from '../../../stream/stream-guard.js';
import { objectOf, textOf } from '../../shared/json.js';
import type { Json } from '../../shared/json.js';
import { OpenTexts } from '../../shared/open-texts.js';

/**
 * Sends the text of a streamed transcription through the guard. The events that repeat it (`.done`, segments of speakers) come to say what was released.
 */
export class TranscriptRewriter implements ChunkRewriter {
  readonly #texts: OpenTexts;

  constructor(guard: StreamGuard) {
    this.#texts = new OpenTexts(guard);
  }

  get refusal(): GuardrailDeniedError | null {
    return this.#texts.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const event = objectOf(value);
    if (!event) return [value];
    const before = this.#event(event, textOf(event['type']));
    return this.refusal === null ? [...before, event] : [];
  }

  finish(): unknown[] {
    const rest = this.#texts.rest();
    return this.refusal === null ? rest : [];
  }

  #event(event: Json, type: string): unknown[] {
    if (type === 'transcript.text.delta') {
      const text = textOf(event['delta']);
      const add = (late: string): Json => ({ ...event, delta: late, ...(event['logprobs'] ? { logprobs: [] } : {}) });
      event['delta'] = this.#texts.push('text', text, { add });
      if (event['delta'] !== text && Array.isArray(event['logprobs'])) event['logprobs'] = [];
      return [];
    }
    if (type !== 'transcript.text.done' && type !== 'transcript.text.segment') return [];
    // What two speakers say are two texts.
    const rest = this.#texts.rest();
    const text = textOf(event['text']);
    event['text'] = this.#texts.whole(text);
    if (event['text'] !== text && Array.isArray(event['logprobs'])) event['logprobs'] = [];
    return rest;
  }
}
