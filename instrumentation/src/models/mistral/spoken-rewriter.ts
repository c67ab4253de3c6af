import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { OpenTexts } from '../shared/open-texts.js';

/** Sends the text of a streamed transcription through the guard. The events that repeat it (the end, segments of speakers) come to say what was released. */
export class SpokenRewriter implements ChunkRewriter {
  readonly #texts: OpenTexts;

  constructor(guard: StreamGuard) {
    this.#texts = new OpenTexts(guard);
  }

  get refusal(): GuardrailDeniedError | null {
    return this.#texts.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const event = objectOf(value);
    const data = objectOf(event?.['data']);
    if (!event || !data) return [value];
    const before = this.#data(event, data);
    return this.refusal === null ? [...before, event] : [];
  }

  finish(): unknown[] {
    const rest = this.#texts.rest();
    return this.refusal === null ? rest : [];
  }

  #data(event: Json, data: Json): unknown[] {
    const type = textOf(data['type']);
    if (type === 'transcription.text.delta') {
      const add = (text: string): unknown => ({ ...event, data: { ...data, text } });
      data['text'] = this.#texts.push('text', textOf(data['text']), { add });
      return [];
    }
    if (type !== 'transcription.done' && type !== 'transcription.segment') return [];
    // What two speakers say are two texts.
    const rest = this.#texts.rest();
    for (const holder of [data, ...listOf(data['segments']).map(objectOf)])
      if (typeof holder?.['text'] === 'string') holder['text'] = this.#texts.whole(holder['text']);
    return rest;
  }
}
