import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { FeedRecord } from '../../src/feed/feed-record.js';
import type { GuardCore } from '../../src/guard/guard-core.js';
import { guardModelOn } from '../../src/models/function/guard-model-on.js';
import type { Rewriter } from '../../src/rewrite/types.js';
import { guardrails, install, makeCore } from '../guard/fakes.js';
import { guardedOpenAI } from '../support/guarded-openai.js';

let core: GuardCore;
let fed: FeedRecord[];

const openai = guardedOpenAI(() => {
  ({ core, fed } = makeCore());
  return { runtime: () => core, declare: (site) => core.declareSite(site) };
});

const chat = {
  model: 'stub',
  messages: [
    { role: 'system' as const, content: 'be kind' },
    { role: 'user' as const, content: 'mail jane@example.com' },
    { role: 'user' as const, content: [{ type: 'text' as const, text: 'and hurry' }] },
  ],
};

interface Rule {
  name?: string;
  at?: string;
  action: object;
  more?: object;
}

function guard(...rules: Rule[]): void {
  const documents = rules.map(({ name = 'house-style', at = 'request', action, more }) =>
    JSON.stringify({
      ...{ apiVersion: 'guardspan/v1alpha1', kind: 'Guardrail', metadata: { name } },
      spec: { at, when: 'true', mode: 'enforce', action, ...more },
    }),
  );
  install(core, guardrails(documents.join('\n---\n')));
}

const by = (name: string, more: object = {}): object => ({ rewrite: { by: name, ...more } });
const declare = (name: string, rewrite: Rewriter['rewrite'], more: Partial<Rewriter> = {}): void =>
  core.declareRewriter({ name, rewrite, ...more });
const sent = (): unknown[] => (openai.stub.received.at(-1)?.body as { messages: { content: unknown }[] }).messages;
const last = (name: string): unknown => fed.at(-1)?.attributes[`guardspan.${name}`];
const answerOf = async (): Promise<string | null | undefined> =>
  (await openai.client.chat.completions.create(chat)).choices[0]?.message.content;
const code = (error: unknown): string => (error as { code: string }).code;

describe('a request that is rewritten', () => {
  it('by a literal goes out with it, text by text, and the objects of the application stay', async () => {
    guard({ action: { rewrite: { with: 'Briefly: {text}', roles: ['user', 'system'] } } });
    const before = structuredClone(chat);
    await openai.client.chat.completions.create(chat);
    expect(sent()).toEqual([
      { role: 'system', content: 'Briefly: be kind' },
      { role: 'user', content: 'Briefly: mail jane@example.com' },
      { role: 'user', content: [{ type: 'text', text: 'Briefly: and hurry' }] },
    ]);
    expect(chat).toEqual(before);
    expect([last('action'), last('disposition'), last('rewrite.count')]).toEqual(['rewrite', 'enforced', 3]);
    expect(core.decisions.take(10, 1 << 20)!.records[0]).toMatchObject({ action: 'rewrite', rewrites: 3 });
  });

  it('by a rewriter of the process, which sees what redactions left and where it stands', async () => {
    const seen: unknown[] = [];
    declare('upper', (text, { signal: _signal, ...about }) => {
      seen.push({ text, ...about });
      return text.includes('hurry') ? undefined : text.toUpperCase();
    });
    guard(
      { action: by('upper') },
      {
        name: 'no-mail',
        action: { redact: { detections: ['pii'] } },
        more: { uses: { pii: { detector: 'pii', on: 'prompt.text' } }, when: 'pii.count > 0' },
      },
    );
    await openai.client.chat.completions.create(chat);
    expect(sent()).toMatchObject([
      { content: 'be kind' },
      { content: 'MAIL <EMAIL>' },
      { content: [{ text: 'and hurry' }] },
    ]);
    expect(seen).toEqual([
      { text: 'mail <email>', role: 'user', path: 'messages.1.content', point: 'request', model: 'stub' },
      { text: 'and hurry', role: 'user', path: 'messages.2.content.0.text', point: 'request', model: 'stub' },
    ]);
    expect([last('action'), last('redaction.count'), last('rewrite.count')]).toEqual(['redact', 1, 1]);
  });

  it('by a rewriter that takes its time, in every shape of a call', async () => {
    declare('slow', (text) => Promise.resolve(`(${text})`));
    guard({ action: by('slow') });
    const shapes = [
      async () => openai.client.chat.completions.create(chat),
      () => openai.client.chat.completions.create(chat).asResponse(),
      () => openai.client.chat.completions.create(chat).withResponse(),
      async () => {
        for await (const _chunk of await openai.client.chat.completions.create({ ...chat, stream: true }));
      },
    ];
    for (const [index, run] of shapes.entries()) {
      await run();
      expect(openai.stub.received).toHaveLength(index + 1);
      expect(sent()).toMatchObject([{}, { content: '(mail jane@example.com)' }, {}]);
    }
    expect(fed.map(({ attributes }) => attributes['guardspan.action'])).toEqual(shapes.map(() => 'rewrite'));
  });

  it('is sent at once when the rewriter answers at once', () => {
    declare('sync', (text) => `(${text})`);
    guard({ action: by('sync') });
    const call = core.begin({
      ...{ client: 'openai', operation: 'chat', streamed: false, remote: true, awaits: true },
      model: { name: 'stub', version: '', kind: 'llm', framework: '', provider: '' },
      can: { request: ['rewrite'], chunk: [], response: [] },
      texts: () => [{ path: 'p', role: 'user', text: 'hi' }],
    });
    expect(call.before).toBeNull();
    expect(call.decision.rewrites).toEqual([{ guardrail: 'house-style', path: 'p', text: '(hi)' }]);
  });

  it('asks nobody outside of enforce, and nobody whom a detector before it ends', async () => {
    let asked = 0;
    declare('counted', () => `${asked++}`);
    guard({ action: by('counted'), more: { mode: 'warn' } });
    await openai.client.chat.completions.create(chat);
    expect(last('disposition')).toBe('would_act');
    guard({ action: by('counted') }, { name: 'no', action: { deny: {} } });
    await expect(answerOf()).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED' });
    expect(asked).toBe(0);
  });
});

describe('an answer that is rewritten', () => {
  it('comes with its new text, at response and at chunk', async () => {
    guard({ at: 'response', action: { rewrite: { with: '{text} (no advice)' } } });
    expect(await answerOf()).toBe('mail bob@example.com (no advice)');
    expect([last('action'), last('verdict.point')]).toEqual(['rewrite', 'response']);
  });

  it('by a rewriter, at once or later', async () => {
    for (const give of [(text: string) => `${text}!`, (text: string) => Promise.resolve(`${text}!`)]) {
      declare('loud', give);
      guard({ at: 'response', action: by('loud') });
      expect(await answerOf()).toBe('mail bob@example.com!');
      expect([last('action'), last('rewrite.count')]).toEqual(['rewrite', 1]);
    }
  });

  it('of a stream has been read already, and the record says so', async () => {
    guard({ at: 'response', action: { rewrite: { with: 'x' } } });
    let text = '';
    for await (const chunk of await openai.client.chat.completions.create({ ...chat, stream: true }))
      text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('hello world');
    expect([last('verdict.code'), last('disposition')]).toEqual(['unsupported_here', 'allow_failopen']);
  });
});

describe('a rewriter that fails', () => {
  const wrong = (() => 7) as unknown as Rewriter['rewrite'];
  const FAILURES: Record<string, [Rewriter['rewrite'] | null, string, Partial<Rewriter>?]> = {
    throws: [
      () => {
        throw new Error('secret words');
      },
      'detector_error',
    ],
    rejects: [() => Promise.reject(new Error('secret words')), 'detector_error'],
    'gives no text': [wrong, 'detector_error'],
    'gives no text later': [(() => Promise.resolve({})) as unknown as Rewriter['rewrite'], 'detector_error'],
    'gives a text that is too long': [() => 'x'.repeat(1_048_577), 'detector_error'],
    'gives one later': [() => Promise.resolve('x'.repeat(1_048_577)), 'detector_error'],
    'does not answer in time': [() => new Promise<never>(() => undefined), 'deadline'],
    'is declared by nobody': [null, 'detector_error'],
    'does not answer its check': [(text) => text, 'detector_error', { check: () => false }],
  };

  it.each(Object.entries(FAILURES))('%s: the call ends, and nothing is sent', async (_, [rewrite, failure, more]) => {
    if (rewrite !== null) declare('bad', rewrite, more);
    guard({ action: by('bad', { deadline: '20ms' }) });
    await expect(answerOf()).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED', guardrail: 'house-style', status: 503 });
    expect(openai.stub.received).toHaveLength(0);
    expect([last('action'), last('disposition'), last('verdict.code')]).toEqual(['deny', 'deny_failclosed', failure]);
    expect(JSON.stringify(fed)).not.toContain('secret');
  });

  it.each(Object.entries(FAILURES))('%s: with onError: allow the text goes on', async (_, [rewrite, failure, more]) => {
    if (rewrite !== null) declare('bad', rewrite, more);
    guard({ action: by('bad', { deadline: '20ms' }), more: { onError: 'allow' } });
    await answerOf();
    expect(sent()).toMatchObject([{}, { content: 'mail jane@example.com' }, {}]);
    expect([last('action'), last('disposition'), last('verdict.code')]).toEqual([undefined, 'allow_failopen', failure]);
  });

  it('keeps an answer, too', async () => {
    declare('bad', () => Promise.reject(new Error('no')));
    guard({ at: 'response', action: by('bad') });
    await expect(answerOf()).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED' });
    expect(last('disposition')).toBe('deny_failclosed');
  });

  it('is left alone after five failures in a row', async () => {
    let asked = 0;
    declare('bad', () => {
      asked++;
      throw new Error('no');
    });
    guard({ action: by('bad'), more: { onError: 'allow' } });
    for (let call = 0; call < 8; call++) await answerOf();
    expect(asked).toBe(5);
  });
});

describe('calls of models by a rewriter', () => {
  it('are not guarded themselves', async () => {
    declare('model', async (text) => {
      const { choices } = await openai.client.chat.completions.create({
        ...chat,
        messages: [{ role: 'user', content: text }],
      });
      return choices[0]?.message.content ?? undefined;
    });
    guard({ action: by('model') });
    await openai.client.chat.completions.create({ ...chat, messages: [{ role: 'user', content: 'hi' }] });
    expect(sent()).toEqual([{ role: 'user', content: 'mail bob@example.com' }]);
    expect(fed).toHaveLength(1);
  });
});

describe('what bounds a rewrite', () => {
  it('is what the process allows, and a kill switch', async () => {
    ({ core, fed } = makeCore({ allow: ['deny'] }));
    guard({ action: { rewrite: { with: 'x' } } });
    await answerOf();
    expect([last('verdict.code'), last('disposition')]).toEqual(['forbidden_here', 'allow_failopen']);
    ({ core, fed } = makeCore());
    guard({ action: { rewrite: { with: 'x' } } });
    core.kills.file = true;
    await answerOf();
    expect([last('verdict.code'), last('disposition')]).toEqual(['killed', 'allow_failopen']);
    expect(sent()).toMatchObject([{}, { content: 'mail jane@example.com' }, {}]);
  });

  it('is what an adapter can do: the text of a guarded function can be refused, not rewritten', () => {
    guard({ action: { rewrite: { with: 'x' } } });
    const model = guardModelOn({ runtime: () => core, declare: () => undefined }, (text: string) => text, {
      name: 'm',
      prompt: (text: string) => text,
    });
    expect(model('hello')).toBe('hello');
    expect([last('verdict.code'), last('disposition')]).toEqual(['unsupported_here', 'allow_failopen']);
  });

  it('is a rollout, by the mode of which the others are judged', async () => {
    guard({ action: { rewrite: { with: 'x' } }, more: { rollout: { percent: 0, by: 'tenant' } } });
    await answerOf();
    expect(last('disposition')).toBe('would_act');
  });

  it('is refused by an error of the client’s own', async () => {
    declare('bad', () => Promise.reject(new Error('no')));
    guard({ action: by('bad') });
    const error: unknown = await openai.client.chat.completions.create(chat).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(code(error)).toBe('GUARDSPAN_DENIED');
  });
});
