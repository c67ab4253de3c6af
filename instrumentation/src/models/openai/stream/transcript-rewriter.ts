import { EventTextsRewriter } from '../../shared/event-texts-rewriter.js';
import { textOf } from '../../shared/json.js';
import type { Json } from '../../shared/json.js';

/**
 * Sends the text of a streamed transcription through the guard. The events that repeat it (`.done`, segments of speakers) come to say what was released.
 */
export class TranscriptRewriter extends EventTextsRewriter {
  protected override change(event: Json): unknown[] {
    const type = textOf(event['type']);
    if (type === 'transcript.text.delta') {
      const text = textOf(event['delta']);
      const add = (late: string): Json => ({ ...event, delta: late, ...(event['logprobs'] ? { logprobs: [] } : {}) });
      event['delta'] = this.texts.push('text', text, { add });
      if (event['delta'] !== text && Array.isArray(event['logprobs'])) event['logprobs'] = [];
      return [];
    }
    if (type !== 'transcript.text.done' && type !== 'transcript.text.segment') return [];
    // What two speakers say are two texts.
    const rest = this.texts.rest();
    const text = textOf(event['text']);
    event['text'] = this.texts.whole(text);
    if (event['text'] !== text && Array.isArray(event['logprobs'])) event['logprobs'] = [];
    return rest;
  }
}
