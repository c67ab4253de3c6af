import * as library from '@mistralai/mistralai';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FeedRecord } from '../../src/feed/feed-record.js';
import type { GuardCore } from '../../src/guard/guard-core.js';
import type { Patch } from '../../src/loader/patch.js';
import { patchMistral } from '../../src/models/mistral/patch-mistral.js';
import { guardrails, install, makeCore } from '../guard/fakes.js';
import { cuts } from '../stream/stream-answer.js';

const MAIL = 'jane.doe@example.com';
const TEXT = `to ${MAIL} now`;
const CLEAN = 'to <email> now';
const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const SOUND = { model: 'm', fileUrl: 'https://example.com/a.mp3' };
const DOCUMENT = { type: 'document_url' as const, documentUrl: 'https://example.com/a.pdf' };

const guard = (at: string): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-mail }
spec:
  at: ${at}
  uses: { mail: { detector: pii, on: ${at === 'request' ? 'prompt' : 'output'}.text, entities: [email] } }
  when: mail.count > 0
  action: { redact: { detections: [mail] } }
  mode: enforce
`;

let core: GuardCore;
let fed: FeedRecord[];
let patch: Patch;
let sent: string[];
let respond: () => Response;
const fetcher = async (request: Request | string | URL): Promise<Response> => {
  sent.push(await (request as Request).text());
  return respond();
};
const client = new library.Mistral({ apiKey: 'x', httpClient: new library.HTTPClient({ fetcher }) });
beforeEach(() => {
  ({ core, fed } = makeCore());
  sent = [];
  patch = patchMistral(library, '2', { runtime: () => core, declare: () => undefined })!;
});
afterEach(() => patch.undo());

const last = (name: string): unknown => fed.at(-1)?.attributes[name];

it('sends what goes with a document, a text to sort, a text to speak and words to expect redacted', async () => {
  install(core, guardrails(guard('request')));
  const asks: Record<string, (text: string) => Promise<unknown>> = {
    ocr: (text) => client.ocr.process({ model: 'm', document: DOCUMENT, documentAnnotationPrompt: text }),
    'classify one': (inputs) => client.classifiers.classify({ model: 'm', inputs }),
    'classify some': (text) => client.classifiers.classify({ model: 'm', inputs: [text] }),
    'classify a chat': (content) =>
      client.classifiers.classifyChat({ model: 'm', input: { messages: [{ role: 'user', content }] } }),
    'classify chats': (content) =>
      client.classifiers.classifyChat({ model: 'm', input: [{ messages: [{ role: 'user', content }] }] }),
    speak: (input) => client.audio.speech.complete({ model: 'm', input, voiceId: 'v' }),
    transcribe: (text) => client.audio.transcriptions.complete({ ...SOUND, contextBias: [text] }),
  };
  for (const [name, ask] of Object.entries(asks)) {
    respond = () => Response.json({});
    // What comes back is no answer of the kind, and the client says so.
    await ask(TEXT).catch(() => undefined);
    expect(sent.at(-1), name).toContain('<email>');
    expect(sent.at(-1), name).not.toContain(MAIL);
    expect(last('guardspan.action'), name).toBe('redact');
  }
  expect(fed.length).toBe(Object.keys(asks).length);
});

it('leaves moderations alone, which are a check and no call', async () => {
  respond = () => Response.json({ id: 'm', model: 'm', results: [] });
  await client.classifiers.moderate({ model: 'm', inputs: TEXT });
  expect(fed).toEqual([]);
});

it('redacts the pages of a document, and what says parts of them again', async () => {
  install(core, guardrails(guard('response')));
  const block = { type: 'text', content: TEXT, top_left_x: 0, top_left_y: 0, bottom_right_x: 1, bottom_right_y: 1 };
  const page = {
    index: 0,
    markdown: TEXT,
    header: TEXT,
    images: [],
    dimensions: null,
    tables: [{ id: 't', content: TEXT, format: 'markdown' }],
    blocks: [block],
  };
  respond = () =>
    Response.json({ pages: [page], model: 'm', usage_info: { pages_processed: 1 }, document_annotation: TEXT });
  const answer = await client.ocr.process({ model: 'm', document: DOCUMENT });
  expect(JSON.stringify(answer)).not.toContain(MAIL);
  expect(answer).toMatchObject({
    documentAnnotation: CLEAN,
    pages: [{ markdown: CLEAN, header: CLEAN, tables: [{ content: CLEAN }], blocks: [{ content: CLEAN }] }],
  });
});

it('redacts a transcription and its segments, also where a finding lies across two', async () => {
  install(core, guardrails(guard('response')));
  const segments = ['to jane.doe', '@example.com now', 'to'].map((text) => ({ text, start: 0, end: 1 }));
  respond = () => Response.json({ model: 'm', text: TEXT, segments, usage: USAGE, language: null });
  const { text, segments: said = [] } = await client.audio.transcriptions.complete(SOUND);
  expect([text, ...said.map((segment) => segment.text)]).toEqual([CLEAN, '', '', 'to']);
  expect(last('gen_ai.usage.output_tokens')).toBe(5);
});

it('never lets a part of a finding out of a streamed transcription, wherever its pieces are cut', async () => {
  install(core, guardrails(guard('chunk')));
  for (const pieces of cuts(TEXT)) {
    const events = [
      ...pieces.map((text) => ({ type: 'transcription.text.delta', text })),
      { type: 'transcription.done', model: 'm', text: TEXT, segments: [], usage: USAGE, language: null },
    ];
    const source = events.map((data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`).join('');
    respond = () => new Response(source, { headers: { 'content-type': 'text/event-stream' } });
    let [text, whole] = ['', ''];
    for await (const { data } of await client.audio.transcriptions.stream(SOUND)) {
      if (data.type === 'transcription.text.delta') text += data.text;
      if (data.type === 'transcription.done') whole = data.text;
    }
    expect([text, whole]).toEqual([CLEAN, CLEAN]);
  }
  expect(last('gen_ai.usage.output_tokens')).toBe(5);
});
