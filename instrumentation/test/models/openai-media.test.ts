import OpenAI, { APIPromise } from 'openai';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FeedRecord } from '../../src/feed/feed-record.js';
import type { GuardCore } from '../../src/guard/guard-core.js';
import type { Patch } from '../../src/loader/patch.js';
import { patchOpenAI } from '../../src/models/openai/patch-openai.js';
import { guardrails, install, makeCore } from '../guard/fakes.js';

const MAIL = 'jane.doe@example.com';
const TEXT = `to ${MAIL} now`;
const CLEAN = 'to <email> now';
const file = new File(['sound'], 'sound.mp3');

function guard(at: string, action = 'redact: { detections: [mail] }'): string {
  return `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-mail-${at} }
spec:
  at: ${at}
  uses: { mail: { detector: pii, on: ${at === 'request' ? 'prompt' : 'output'}.text, entities: [email] } }
  when: "mail.count > 0"
  action: { ${action} }
  mode: enforce
`;
}

let core: GuardCore;
let fed: FeedRecord[];
let patch: Patch;
let sent: string[];
let respond: () => Response;
const client = new OpenAI({
  apiKey: 'x',
  maxRetries: 0,
  fetch: async (url, init) => {
    sent.push(await new Request(url, { ...init, duplex: 'half' } as RequestInit).text());
    return respond();
  },
});
beforeEach(() => {
  ({ core, fed } = makeCore());
  sent = [];
  patch = patchOpenAI({ OpenAI, APIPromise }, '7', { runtime: () => core, declare: () => undefined })!;
});
afterEach(() => patch.undo());

const json = (value: object) => () => Response.json(value);
const events = (list: readonly object[]) => () =>
  new Response(list.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''), {
    headers: { 'content-type': 'text/event-stream' },
  });
const last = (name: string): unknown => fed.at(-1)?.attributes[name];

it('sends prompts of images, what is spoken and hints for transcriptions redacted, and leaves the parameters as they were', async () => {
  install(core, guardrails(guard('request')));
  const asks: Record<string, (text: string) => PromiseLike<unknown>> = {
    'generate image': (prompt) => client.images.generate({ model: 'm', prompt }),
    'remix video': (prompt) => client.videos.remix('video_0', { prompt }),
    'edit image': (prompt) => client.images.edit({ model: 'm', prompt, image: file }),
    speak: (input) => client.audio.speech.create({ model: 'm', voice: 'alloy', input, instructions: input }),
    transcribe: (prompt) => client.audio.transcriptions.create({ model: 'm', file, prompt }),
    translate: (prompt) => client.audio.translations.create({ model: 'm', file, prompt }),
  };
  respond = json({});
  for (const [name, ask] of Object.entries(asks)) {
    await ask(TEXT);
    expect([name, sent.at(-1)]).toEqual([name, expect.stringContaining(CLEAN)]);
    expect(sent.at(-1)).not.toContain(MAIL);
    expect(last('guardspan.disposition')).toBe('enforced');
  }
  expect(sent.at(-1)).toContain('sound');
  expect(fed.map(({ attributes }) => attributes['guardspan.model.kind'])).toEqual(Array(6).fill('other'));
});

it('refuses the prompt of an image before it is sent', async () => {
  install(core, guardrails(guard('request', 'deny: {}')));
  await expect(client.images.generate({ model: 'm', prompt: TEXT })).rejects.toBeInstanceOf(
    OpenAI.PermissionDeniedError,
  );
  expect(sent).toEqual([]);
});

it('refuses a variation of an image, which has no words, and a remix as the client refuses', async () => {
  install(core, guardrails(guard('request', 'deny: {}').replace('mail.count > 0', "operation != ''")));
  for (const ask of [
    () => client.images.createVariation({ model: 'm', image: file }),
    () => client.videos.remix('video_0', { prompt: CLEAN }),
  ]) {
    await expect(ask()).rejects.toBeInstanceOf(OpenAI.APIError);
    await expect(ask()).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED' });
  }
  expect(sent).toEqual([]);
});

it('redacts the prompt that a model of images made of what it was asked, and counts its tokens', async () => {
  install(core, guardrails(guard('response')));
  respond = json({
    data: [{ b64_json: 'AA==', revised_prompt: TEXT }],
    usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
  });
  const { data } = await client.images.generate({ model: 'm', prompt: 'hi' });
  expect(data?.[0]).toEqual({ b64_json: 'AA==', revised_prompt: CLEAN });
  expect(last('gen_ai.usage.output_tokens')).toBe(5);
});

it('passes the events of a streamed image on, and counts its tokens', async () => {
  install(core, guardrails(guard('chunk')));
  const list = [
    { type: 'image_generation.partial_image', b64_json: 'AA==' },
    { type: 'image_generation.completed', usage: { input_tokens: 10, output_tokens: 5 } },
  ];
  respond = events(list);
  const seen: unknown[] = [];
  for await (const event of await client.images.generate({ model: 'm', prompt: 'hi', stream: true })) seen.push(event);
  expect(seen).toEqual(list);
  expect(last('gen_ai.usage.output_tokens')).toBe(5);
});

it('hands the sound of speech out unread', async () => {
  install(core, guardrails(guard('response', 'deny: {}')));
  respond = () => new Response(MAIL);
  const speech = await client.audio.speech.create({ model: 'm', voice: 'alloy', input: 'hi' });
  expect(await speech.text()).toBe(MAIL);
});

it('redacts a transcription, and every field that says it again', async () => {
  install(core, guardrails(guard('response')));
  respond = json({
    text: TEXT,
    words: [{ word: MAIL, start: 0, end: 1 }],
    segments: [
      { id: 0, text: ' to jane.doe@', tokens: [1] },
      { id: 1, text: 'example.com', tokens: [2] },
      { id: 2, text: ` ${MAIL}`, tokens: [3] },
      { id: 3, text: ' now', tokens: [4] },
    ],
  });
  const answer = await client.audio.transcriptions.create({ model: 'm', file, response_format: 'verbose_json' });
  expect(answer).toMatchObject({ text: CLEAN, words: [] });
  expect(answer.segments?.map(({ text }) => text)).toEqual(['', '', ' <email>', ' now']);
  expect(JSON.stringify(answer)).not.toContain('jane');
});

it.each(['text', 'srt', 'vtt'] as const)(
  'redacts and refuses a transcription that is a text by itself (%s)',
  async (format) => {
    const ask = async (): Promise<unknown> =>
      client.audio.transcriptions.create({ model: 'm', file, response_format: format });
    respond = () => new Response(TEXT, { headers: { 'content-type': 'text/plain' } });
    expect(await ask()).toBe(TEXT);
    install(core, guardrails(guard('response')));
    expect(await ask()).toBe(CLEAN);
    install(core, guardrails(guard('response', 'deny: {}')));
    await expect(ask()).rejects.toBeInstanceOf(OpenAI.PermissionDeniedError);
  },
);

it('never lets a part of a finding out of a streamed transcription, wherever its pieces are cut', async () => {
  install(core, guardrails(guard('chunk')));
  for (let cut = 0; cut <= TEXT.length; cut++) {
    const pieces = [TEXT.slice(0, cut), TEXT.slice(cut)];
    respond = events([
      ...pieces.map((delta) => ({ type: 'transcript.text.delta', delta, logprobs: [{ token: delta }] })),
      { type: 'transcript.text.segment', id: 's', speaker: 'A', text: TEXT },
      { type: 'transcript.text.done', text: TEXT, logprobs: [{ token: 'jane' }] },
    ]);
    const said: string[] = ['', '', ''];
    const stream = await client.audio.transcriptions.create({ model: 'm', file, stream: true, include: ['logprobs'] });
    for await (const event of stream) {
      expect(JSON.stringify(event)).not.toMatch(/jane|doe|example/);
      if (event.type === 'transcript.text.delta') said[0] += event.delta;
      else said[event.type === 'transcript.text.segment' ? 1 : 2] = event.text;
    }
    expect(said).toEqual([CLEAN, CLEAN, CLEAN]);
  }
});
