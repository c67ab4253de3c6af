import { EventTextsRewriter } from '../shared/event-texts-rewriter.js';
import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';

/** Sends the text of a streamed transcription through the guard. The events that repeat it (the end, segments of speakers) come to say what was released. */
export class SpokenRewriter extends EventTextsRewriter {
  protected override change(event: Json): unknown[] | undefined {
    const data = objectOf(event['data']);
    if (!data) return undefined;
    const type = textOf(data['type']);
    if (type === 'transcription.text.delta') {
      const add = (text: string): unknown => ({ ...event, data: { ...data, text } });
      data['text'] = this.texts.push('text', textOf(data['text']), { add });
      return [];
    }
    if (type !== 'transcription.done' && type !== 'transcription.segment') return [];
    // What two speakers say are two texts.
    const rest = this.texts.rest();
    for (const holder of [data, ...listOf(data['segments']).map(objectOf)])
      if (typeof holder?.['text'] === 'string') holder['text'] = this.texts.whole(holder['text']);
    return rest;
  }
}
