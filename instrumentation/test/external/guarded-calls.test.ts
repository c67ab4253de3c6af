import { describe, expect, it } from 'vitest';
import type { FeedRecord } from '../../src/feed/feed-record.js';
import type { GuardCore } from '../../src/guard/guard-core.js';
import type { PatchHost } from '../../src/loader/patch.js';
import { guardModelOn } from '../../src/models/function/guard-model-on.js';
import { makeCore } from '../guard/fakes.js';
import type { VirtualClock } from '../guard/fakes.js';
import { guardedOpenAI } from '../support/guarded-openai.js';
import { declareToxicity, guard } from './toxicity.js';

let core: GuardCore;
let clock: VirtualClock;
let fed: FeedRecord[];
let host: PatchHost;

const openai = guardedOpenAI(() => {
  ({ core, fed, clock } = makeCore());
  return (host = { runtime: () => core, declare: (site) => core.declareSite(site) });
});

const chat = { model: 'stub', messages: [{ role: 'user' as const, content: 'you fool' }] };

describe('calls of models by a detector', () => {
  it('are not guarded themselves: it would be asked about its own question without end', async () => {
    guard(core);
    core.declareDetector({
      name: 'toxicity',
      detect: async ({ parts }) => {
        const content = `Is this toxic? ${parts.map(({ text }) => text).join(' ')}`;
        await openai.client.chat.completions.create({ model: 'judge', messages: [{ role: 'user', content }] });
        return [];
      },
    });
    await openai.client.chat.completions.create(chat);
    expect(openai.stub.received.map(({ body }) => (body as { model: string }).model)).toEqual(['judge', 'stub']);
    expect(fed).toHaveLength(1);
  });
});

describe('a call of a patched client that waits for a detector', () => {
  it('is refused before anything is sent, with guidance', async () => {
    guard(core);
    declareToxicity(core, 'fool');
    const shapes = [
      () => openai.client.chat.completions.create(chat),
      () => openai.client.chat.completions.create(chat).asResponse(),
      () => openai.client.chat.completions.create(chat).withResponse(),
      () => openai.client.chat.completions.parse(chat),
      () => openai.client.chat.completions.create({ ...chat, stream: true }),
    ];
    for (const run of shapes) {
      await expect(Promise.resolve(run())).rejects.toMatchObject({
        code: 'GUARDSPAN_DENIED',
        guardrail: 'kind',
        guidance: 'Say it kindly.',
      });
    }
    expect(openai.stub.received).toHaveLength(0);
    expect(fed.map(({ attributes }) => attributes['guardspan.disposition'])).toEqual(shapes.map(() => 'enforced'));
  });

  it('goes out as it would without us when nothing is found', async () => {
    guard(core);
    declareToxicity(core, 'nothing of this');
    const { data, response } = await openai.client.chat.completions.create(chat).withResponse();
    expect(data.choices[0]?.message.content).toBe('mail bob@example.com');
    expect(response.status).toBe(200);
    expect((await openai.client.chat.completions.create(chat).asResponse()).status).toBe(200);
    let text = '';
    for await (const chunk of await openai.client.chat.completions.create({ ...chat, stream: true }))
      text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('hello world');
    expect(fed.map(({ attributes }) => attributes['guardspan.disposition'])).toEqual(['allow', 'allow', 'allow']);
  });

  it('takes as long as the model does: what the detector took is not in its duration', async () => {
    guard(core);
    core.declareDetector({
      name: 'toxicity',
      detect: () => {
        clock.advance(3);
        return [];
      },
    });
    const slow = async (text: string): Promise<string> => {
      clock.advance(0.5);
      return await Promise.resolve(text);
    };
    const model = guardModelOn(host, slow, { name: 'm', prompt: (text: string) => text });
    await model('hello');
    await openai.client.chat.completions.create(chat);
    const seconds = fed.map(({ duration }) => duration);
    expect(seconds[0]).toBeCloseTo(0.5, 6);
    expect(seconds[1]).toBe(0);
  });

  it('is sent with what the detector found redacted', async () => {
    guard(core, { action: 'redact: {detections: [toxic]}' });
    declareToxicity(core, 'fool');
    await openai.client.chat.completions.create(chat);
    expect(openai.stub.received[0]?.body).toMatchObject({ messages: [{ content: 'you <insult>' }] });
    expect(chat.messages[0]?.content).toBe('you fool');
  });

  describe('in JSON', () => {
    const given = String.raw`{"note":"a \u0022fool\u0022, fool","pin":4711,"ok":[true]}`;
    const ask = async (args: string, wanted: readonly string[]): Promise<unknown> => {
      guard(core, { action: `redact: {detections: [toxic], with: '"{entity}" /\\u0041/'}` });
      core.declareDetector({
        name: 'toxicity',
        detect: ({ parts }) =>
          parts.flatMap(({ path, text }) =>
            wanted.map((each) => {
              const start = text.indexOf(each);
              return { path, entity: 'x', start, end: start + each.length, score: 1 };
            }),
          ),
      });
      const call = { id: 'c', type: 'function' as const, function: { name: 'tell', arguments: args } };
      const messages = [{ role: 'assistant' as const, tool_calls: [call] }];
      await openai.client.chat.completions.create({ model: 'stub', messages });
      const sent = openai.stub.received[0]!.body as { messages: { tool_calls: (typeof call)[] }[] };
      return JSON.parse(sent.messages[0]!.tool_calls[0]!.function.arguments);
    };

    const X = String.raw`"x" /\u0041/`;
    it.each([
      ['a text', ['fool'], { note: `a "${X}", fool`, pin: 4711, ok: [true] }],
      ['a part of an escape', ['0022fool'], { note: `a ${X}", fool`, pin: 4711, ok: [true] }],
      ['a part of a number', ['71'], { note: 'a "fool", fool', pin: X, ok: [true] }],
      ['several values', ['fool","pin":4711,"ok":[true]'], { note: `a "fool", ${X}`, [X]: [X] }],
    ])('leaves the source valid: %s', async (_name, wanted, expected) => {
      expect(await ask(given, wanted)).toMatchObject(expected);
    });

    it('is refused when what is found is nothing that could be replaced', async () => {
      await expect(ask(given, [':'])).rejects.toMatchObject({ status: 503 });
      expect(openai.stub.received).toHaveLength(0);
    });
  });

  it('overlaps with the detector at `beside`: the answer is held, and the record says that the prompt had left', async () => {
    guard(core, { position: 'beside' });
    declareToxicity(core, 'fool', 20);
    await expect(openai.client.chat.completions.create(chat)).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED' });
    await expect(openai.client.chat.completions.create({ ...chat, stream: true })).rejects.toMatchObject({
      guardrail: 'kind',
    });
    expect(openai.stub.received).toHaveLength(2);
    for (const { attributes } of fed) {
      expect(attributes).toMatchObject({
        'guardspan.disposition': 'enforced',
        'guardspan.verdict.sent_before_verdict': true,
      });
    }
  });

  it('is held at `beside` and then handed out', async () => {
    guard(core, { position: 'beside' });
    const seen = declareToxicity(core, 'nothing of this', 20);
    const answer = await openai.client.chat.completions.create(chat);
    expect(answer.choices[0]?.message.content).toBe('mail bob@example.com');
    expect(seen.asked).toBe(1);
    expect(fed[0]?.attributes).not.toHaveProperty('guardspan.verdict.sent_before_verdict');
  });

  it('withholds or changes an answer in which the detector found something', async () => {
    guard(core, { at: 'response' });
    declareToxicity(core, 'bob');
    await expect(openai.client.chat.completions.create(chat)).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED' });
    guard(core, { at: 'response', action: 'redact: {detections: [toxic]}' });
    const answer = await openai.client.chat.completions.create(chat);
    expect(answer.choices[0]?.message.content).toBe('mail <insult>@example.com');
  });

  it('is closed or opened by the failure table when the deadline passes or nobody declares the detector', async () => {
    guard(core, { deadline: '10ms' });
    await expect(openai.client.chat.completions.create(chat)).rejects.toMatchObject({ status: 503 });
    declareToxicity(core, 'fool', 10_000_000);
    await expect(openai.client.chat.completions.create(chat)).rejects.toMatchObject({ status: 503 });
    guard(core, { deadline: '10ms', action: 'annotate: {attributes: {rude: "yes"}}' });
    await openai.client.chat.completions.create(chat);
    const seen = fed.map(({ attributes }) => [
      attributes['guardspan.disposition'],
      attributes['guardspan.verdict.code'],
    ]);
    expect(seen).toEqual([
      ['deny_failclosed', 'detector_error'],
      ['deny_failclosed', 'deadline'],
      ['allow_failopen', 'deadline'],
    ]);
  });
});

describe('a guarded function that waits for a detector', () => {
  const options = { name: 'm', prompt: (text: string) => text, answer: (text: string) => text };

  it('rejects before it is called, or holds its answer', async () => {
    let called = 0;
    const model = guardModelOn(host, async (text: string) => (called++, await Promise.resolve(text)), options);
    declareToxicity(core, 'fool');
    guard(core);
    await expect(model('you fool')).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED' });
    expect(called).toBe(0);
    await expect(model('hello')).resolves.toBe('hello');
    guard(core, { position: 'beside' });
    await expect(model('you fool')).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED' });
    expect(called).toBe(2);
    guard(core, { at: 'response' });
    await expect(model('you fool')).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED' });
  });

  it('cannot wait when it is synchronous: the failure table decides', () => {
    const model = guardModelOn(host, (text: string) => text, options);
    declareToxicity(core, 'fool');
    guard(core);
    expect(() => model('hello')).toThrow(expect.objectContaining({ status: 503 }));
    expect(fed[0]?.attributes['guardspan.verdict.code']).toBe('detector_error');
  });
});

describe('what a detector says', () => {
  it.each([
    ['outside of the text', { path: 'messages.0.content', entity: 'x', start: 4, end: 99, score: 1 }],
    ['of a part that is not there', { path: 'nowhere', entity: 'x', start: 0, end: 1, score: 1 }],
    ['without a score', { path: '', entity: 'x', start: 0, end: 0, score: NaN }],
  ])('is not taken on trust: a finding %s is a failed detector', async (_, finding) => {
    guard(core);
    core.declareDetector({ name: 'toxicity', detect: () => [finding] });
    await expect(openai.client.chat.completions.create(chat)).rejects.toMatchObject({ status: 503 });
  });
});
