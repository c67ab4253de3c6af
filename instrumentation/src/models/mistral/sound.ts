import type { TextPart } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { firstArgument, wholeResult } from '../promised/method-endpoint.js';
import type { MethodEndpoint } from '../promised/method-endpoint.js';
import { readableStream } from '../promised/readable-stream.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { addText, listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { resourceAt } from '../shared/resource-at.js';
import { TextBuffer } from '../shared/text-buffer.js';
import { transcriptTexts } from '../shared/transcript-texts.js';
import { tokensOf } from './messages.js';
import { serverOf } from './server.js';
import { SpokenRewriter } from './spoken-rewriter.js';

function answer(data: Json): CallAnswer {
  return callAnswer({
    ...{ id: '', model: textOf(data['model']), usage: tokensOf(data['usage']), finishReasons: [], toolCalls: [] },
    texts: () => transcriptTexts(data),
  });
}

/** A finding may lie across the border of two segments, where neither shows it: what says less than the text is taken away with it. */
function afterRedaction(data: Json): void {
  const whole = data['text'];
  for (const item of listOf(data['segments'])) {
    const segment = objectOf(item);
    if (typeof whole === 'string' && segment && !whole.includes(textOf(segment['text']).trim())) segment['text'] = '';
  }
}

class SpokenCollector implements ChunkCollector {
  #done: Json = {};
  readonly #text = new TextBuffer();

  add(value: unknown): void {
    const data = objectOf(objectOf(value)?.['data']);
    if (data?.['type'] === 'transcription.text.delta') this.#text.add(data['text']);
    if (data?.['type'] === 'transcription.done') this.#done = data;
  }

  answer(): CallAnswer {
    return { ...answer(this.#done), texts: () => transcriptTexts({ text: this.#text.text() || this.#done['text'] }) };
  }
}

const COMMON: Omit<MethodEndpoint, 'method' | 'objectIn' | 'operation' | 'requestTexts'> = {
  client: 'mistralai',
  kind: 'other',
  request: firstArgument,
  modelOf: (params) => textOf(params['model']) || 'default',
  streamed: () => false,
  server: serverOf,
  complete: wholeResult,
  answer,
};

/** Words to be expected are the only text that goes with a sound. */
const TRANSCRIPTION: Omit<MethodEndpoint, 'method'> = {
  ...COMMON,
  objectIn: (client) => resourceAt(client, ['audio', 'transcriptions']),
  operation: 'transcription',
  requestTexts: (params) => {
    const parts: TextPart[] = [];
    listOf(params['contextBias']).forEach((text, index) => addText(parts, `contextBias.${index}`, 'user', text));
    return parts;
  },
  afterRedaction,
};

/** Methods of `audio` of `Mistral`: what is transcribed is judged, and the text that is spoken; sounds are not read. */
export const SOUND: readonly MethodEndpoint[] = [
  { ...TRANSCRIPTION, method: 'complete' },
  {
    ...TRANSCRIPTION,
    method: 'stream',
    streamed: () => true,
    stream: readableStream,
    collector: () => new SpokenCollector(),
    rewriter: (guard) => new SpokenRewriter(guard),
  },
  {
    ...COMMON,
    objectIn: (client) => resourceAt(client, ['audio', 'speech']),
    method: 'complete',
    operation: 'speech',
    requestTexts: (params) => {
      const parts: TextPart[] = [];
      addText(parts, 'input', 'user', params['input']);
      return parts;
    },
    answer: () =>
      callAnswer({ id: '', model: '', usage: undefined, finishReasons: [], toolCalls: [], texts: () => [] }),
  },
];
