import type OpenAI from 'openai';
import type { Usage, WireAnswer, WireRequest } from './description.js';
import { ANSWER, chunksOf, json, MODELS, PIECES, PROMPT, streamFor } from './shared.js';

type Fields = Record<string, unknown>;

/** The fields of a request: of its JSON, or the texts of its form. */
export function fieldsOf({ body }: Pick<WireRequest, 'body'>): Fields {
  if (typeof body !== 'string') return body as Fields;
  const parts = body.matchAll(/name="([^"]+)"\r\n\r\n([^\r]*)\r\n/g);
  return Object.fromEntries([...parts].map(([, name = '', value]) => [name, value === 'true' ? true : value]));
}

/** Answers of images and sound; undefined for other paths. */
export function mediaAnswer(request: WireRequest): WireAnswer | undefined {
  const { path } = request;
  const fields = fieldsOf(request);
  const stream = fields['stream'] === true;
  const model = String(fields['model']);
  const usage = { type: 'tokens', input_tokens: 10, output_tokens: 5, total_tokens: 15 };
  const streamed = (events: readonly object[]): WireAnswer => {
    const pieces = events.map((event) => `data: ${JSON.stringify(event)}\n\n`);
    return streamFor(model, pieces, 'text/event-stream', 'data: {"type": [\n\n');
  };
  if (path.startsWith('/images/')) {
    if (stream) {
      const event = { b64_json: 'AA==', created_at: 1, size: '1024x1024' };
      return streamed([
        { type: 'image_generation.partial_image', partial_image_index: 0, ...event },
        { type: 'image_generation.completed', usage, ...event },
      ]);
    }
    return json({ created: 1, data: [{ b64_json: 'AA==', revised_prompt: ANSWER }], usage });
  }
  if (path.startsWith('/videos')) return json({ id: 'video_1', object: 'video', status: 'queued', model: 'stub-1' });
  if (path === '/audio/speech')
    return { status: 200, headers: { 'content-type': 'audio/mpeg' }, pieces: [new Uint8Array([1, 2, 3])] };
  if (path !== '/audio/transcriptions' && path !== '/audio/translations') return undefined;
  if (stream) {
    const deltas = PIECES.map((delta) => ({ type: 'transcript.text.delta', delta }));
    return streamed([...deltas, { type: 'transcript.text.done', text: ANSWER, usage }]);
  }
  if (fields['response_format'] === 'text')
    return { status: 200, headers: { 'content-type': 'text/plain' }, pieces: [ANSWER] };
  return json({ text: ANSWER, usage });
}

const image = (): File => new File(['image'], 'image.png', { type: 'image/png' });
const sound = (): File => new File(['sound'], 'sound.mp3', { type: 'audio/mpeg' });
const asked = { model: MODELS.good, prompt: PROMPT };

/** What applications do with images and sound. */
export const MEDIA_USAGES: readonly Usage<OpenAI>[] = [
  { name: 'images.generate', run: (client) => client.images.generate(asked) },
  {
    name: 'images.generate as a stream',
    run: async (client) => (await chunksOf(await client.images.generate({ ...asked, stream: true }))).length,
  },
  { name: 'images.edit', run: (client) => client.images.edit({ ...asked, image: image() }) },
  {
    name: 'images.createVariation',
    run: (client) => client.images.createVariation({ model: MODELS.good, image: image() }),
  },
  { name: 'videos.remix', run: (client) => client.videos.remix('video_0', { prompt: PROMPT }) },
  { name: 'videos.create', run: (client) => client.videos.create(asked) },
  {
    name: 'audio.speech.create',
    run: async (client) => {
      const input = { model: MODELS.good, voice: 'alloy', input: PROMPT };
      return new Uint8Array(await (await client.audio.speech.create(input)).arrayBuffer());
    },
  },
  {
    name: 'audio.transcriptions.create',
    run: (client) => client.audio.transcriptions.create({ ...asked, file: sound() }),
  },
  {
    name: 'audio.transcriptions.create as text',
    run: (client) => client.audio.transcriptions.create({ ...asked, file: sound(), response_format: 'text' }),
  },
  {
    name: 'stream of audio.transcriptions.create',
    run: async (client) => {
      const stream = await client.audio.transcriptions.create({ ...asked, file: sound(), stream: true });
      let text = '';
      let whole = '';
      for (const event of await chunksOf(stream)) {
        if (event.type === 'transcript.text.delta') text += event.delta;
        if (event.type === 'transcript.text.done') whole = event.text;
      }
      return { text: [text, whole] };
    },
  },
  {
    name: 'audio.translations.create',
    run: (client) => client.audio.translations.create({ ...asked, file: sound() }),
  },
];
