import type { Redaction, TextPart } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { addText, listOf, objectOf, usageOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { TextBuffer } from '../shared/text-buffer.js';
import { transcriptTexts } from '../shared/transcript-texts.js';
import type { Endpoint } from '../stainless/endpoint.js';
import { OPENAI } from './family.js';
import { TranscriptRewriter } from './stream/transcript-rewriter.js';

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addText(parts, 'prompt', 'user', params['prompt']);
  return parts;
}

function answer(data: Json): CallAnswer {
  return callAnswer({
    ...{ id: '', model: '', usage: usageOf(data['usage']), finishReasons: [], toolCalls: [] },
    texts: () => transcriptTexts(data),
  });
}

/**
 * Words with their times, tokens and log probabilities spell a text out again. A finding may lie across the border of two segments, where neither shows it: what says less than the text is
 * taken away with it.
 */
function afterRedaction(data: Json, redactions: readonly Pick<Redaction, 'path'>[]): void {
  for (const field of ['words', 'logprobs']) if (Array.isArray(data[field])) data[field] = [];
  const changed = new Set(redactions.map(({ path }) => path));
  for (const [index, item] of listOf(data['segments']).entries()) {
    const segment = objectOf(item);
    if (!segment) continue;
    if (Array.isArray(segment['tokens'])) segment['tokens'] = [];
    if (!changed.has(`segments.${index}.text`) && inside(data['text'], segment['text']) === false) segment['text'] = '';
  }
}

/** False: the text was changed where the segment is. */
function inside(text: unknown, segment: unknown): boolean | undefined {
  if (typeof text !== 'string' || typeof segment !== 'string') return undefined;
  return text.includes(segment.trim());
}

class TranscriptCollector implements ChunkCollector {
  #done: Json = {};
  readonly #text = new TextBuffer();

  add(value: unknown): void {
    const event = objectOf(value);
    if (event?.['type'] === 'transcript.text.delta') this.#text.add(event['delta']);
    if (event?.['type'] === 'transcript.text.done') this.#done = event;
  }

  answer(): CallAnswer {
    return { ...answer(this.#done), texts: () => transcriptTexts({ text: this.#text.text() || this.#done['text'] }) };
  }
}

/** `client.audio.transcriptions.create`: the sound is not read, the text of the answer is, in each format. */
export const transcriptions: Endpoint = {
  family: OPENAI,
  path: ['audio', 'transcriptions'],
  operation: 'transcription',
  kind: 'other',
  requestTexts,
  answer,
  afterRedaction,
  collector: () => new TranscriptCollector(),
  rewriter: (guard) => new TranscriptRewriter(guard),
};

/** `client.audio.translations.create`. */
export const translations: Endpoint = {
  ...transcriptions,
  path: ['audio', 'translations'],
  operation: 'translation',
  collector: null,
  rewriter: null,
};
