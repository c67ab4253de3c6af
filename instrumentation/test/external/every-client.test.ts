import Anthropic, { APIPromise as AnthropicPromise } from '@anthropic-ai/sdk';
import OpenAI, { APIPromise as OpenAIPromise } from 'openai';
import * as ort from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedRecord } from '../../src/feed/feed-record.js';
import type { GuardCore } from '../../src/guard/guard-core.js';
import type { Patch, PatchHost } from '../../src/loader/patch.js';
import { patchAnthropic } from '../../src/models/anthropic/patch-anthropic.js';
import { guardModelOn } from '../../src/models/function/guard-model-on.js';
import { patchOnnxruntime } from '../../src/models/onnx/patch-onnxruntime.js';
import { patchOpenAI } from '../../src/models/openai/patch-openai.js';
import { makeCore } from '../guard/fakes.js';
import { AnthropicFetch } from '../support/anthropic-fetch.js';
import { onnxModel } from '../support/onnx-file.js';
import { startOpenAIStub } from '../support/openai-stub.js';
import { declareToxicity, guard } from './toxicity.js';

/** A client that is guarded, with a way to make a call and to see how many reached the model. */
interface Guarded {
  call: () => Promise<unknown>;
  sent: () => number;
  close?: () => Promise<void>;
}

type Run = (this: object, ...args: unknown[]) => Promise<unknown>;

const messages = [{ role: 'user' as const, content: 'you fool' }];
let core: GuardCore;
let fed: FeedRecord[];
let host: PatchHost;
let patch: Patch | null = null;

async function drained(stream: AsyncIterable<unknown>): Promise<number> {
  let pieces = 0;
  for await (const piece of stream) pieces += piece === undefined ? 0 : 1;
  return pieces;
}

async function openai(ask: (client: OpenAI) => Promise<unknown>): Promise<Guarded> {
  const stub = await startOpenAIStub();
  patch = patchOpenAI({ OpenAI, APIPromise: OpenAIPromise }, '7', host);
  const client = new OpenAI({ apiKey: 'test', baseURL: stub.baseURL, maxRetries: 0 });
  return { call: () => ask(client), sent: () => stub.received.length, close: () => stub.close() };
}

function anthropic(ask: (client: Anthropic) => Promise<unknown>): Promise<Guarded> {
  const server = new AnthropicFetch();
  patch = patchAnthropic({ Anthropic, APIPromise: AnthropicPromise }, '1', host);
  const client = new Anthropic({ apiKey: 'test', maxRetries: 0, fetch: server.fetch });
  return Promise.resolve({ call: () => ask(client), sent: () => server.received.length });
}
const claude = { model: 'claude-stub', max_tokens: 100, messages };

const CLIENTS: Record<string, { streamed?: true; prepare: () => Promise<Guarded> }> = {
  openai: { prepare: () => openai(async (client) => client.chat.completions.create({ model: 'stub', messages })) },
  'openai, streamed': {
    streamed: true,
    prepare: () =>
      openai(async (client) =>
        drained(await client.chat.completions.create({ model: 'stub', messages, stream: true })),
      ),
  },
  '@anthropic-ai/sdk': { prepare: () => anthropic(async (client) => client.messages.create(claude)) },
  '@anthropic-ai/sdk, streamed': {
    streamed: true,
    prepare: () => anthropic(async (client) => drained(await client.messages.create({ ...claude, stream: true }))),
  },
  '@anthropic-ai/sdk, messages.stream()': {
    streamed: true,
    prepare: () => anthropic(async (client) => client.messages.stream(claude).finalMessage()),
  },
  'onnxruntime-node': {
    prepare: async () => {
      let runs = 0;
      const { prototype } = ort.InferenceSession as unknown as { prototype: { run: Run } };
      const { run } = prototype;
      const session = await ort.InferenceSession.create(onnxModel('Sigmoid', 1));
      // Counted below the patch: what is refused must not reach the session.
      prototype.run = function (...args) {
        runs += 1;
        return run.apply(this, args);
      };
      const patched = patchOnnxruntime(ort, '1.30.0', host);
      patch = {
        undo: () => {
          patched?.undo();
          prototype.run = run;
        },
      };
      const call = (): Promise<unknown> => session.run({ x: new ort.Tensor('float32', [0], [1, 1]) });
      return { call, sent: () => runs };
    },
  },
  'guardModel of an async function': {
    prepare: () => {
      let calls = 0;
      const model = guardModelOn(host, async (text: string) => (calls++, await Promise.resolve(text)), {
        ...{ name: 'm', prompt: (text: string) => text, answer: (text: string) => text },
      });
      return Promise.resolve({ call: () => model('you fool'), sent: () => calls });
    },
  },
  'guardModel of a function that returns promises': {
    prepare: () => {
      let calls = 0;
      const model = guardModelOn(host, (text: string) => (calls++, Promise.resolve(text)), {
        ...{ name: 'm', async: true, prompt: (text: string) => text, answer: (text: string) => text },
      });
      return Promise.resolve({ call: () => model('you fool'), sent: () => calls });
    },
  },
};

describe.each(Object.entries(CLIENTS))('%s waits for detectors outside of the guard', (_, { streamed, prepare }) => {
  let guarded: Guarded;
  beforeEach(async () => {
    ({ core, fed } = makeCore());
    host = { runtime: () => core, declare: (site) => core.declareSite(site) };
    guarded = await prepare();
  });
  afterEach(async () => {
    patch?.undo();
    patch = null;
    await guarded.close?.();
  });
  const last = (name: string): unknown => fed.at(-1)?.attributes[`guardspan.${name}`];

  it('before it sends: a finding keeps the request here, none lets it go', async () => {
    guard(core);
    declareToxicity(core, '*');
    await expect(guarded.call()).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED', guidance: 'Say it kindly.' });
    expect(guarded.sent()).toBe(0);
    expect(last('disposition')).toBe('enforced');
    const seen = declareToxicity(core, 'nothing of this');
    await guarded.call();
    expect(guarded.sent()).toBe(1);
    expect(seen.asked).toBe(1);
    expect(last('disposition')).toBe('allow');
  });

  it('beside the model: the answer is held until the verdict is known', async () => {
    guard(core, { position: 'beside' });
    declareToxicity(core, '*', 20);
    await expect(guarded.call()).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED' });
    expect(guarded.sent()).toBe(1);
    expect(last('disposition')).toBe('enforced');
    expect(last('verdict.sent_before_verdict')).toBe(true);
    declareToxicity(core, 'nothing of this', 20);
    await guarded.call();
    expect(last('disposition')).toBe('allow');
    expect(last('verdict.sent_before_verdict')).toBeUndefined();
    expect(fed).toHaveLength(2);
  });

  it('after the answer', async () => {
    guard(core, { at: 'response' });
    declareToxicity(core, '*');
    if (streamed) {
      // The pieces have left by then: the deny cannot be carried out, and the record says so.
      await guarded.call();
      expect([last('disposition'), last('verdict.code')]).toEqual(['allow_failopen', 'unsupported_here']);
    } else {
      await expect(guarded.call()).rejects.toMatchObject({ code: 'GUARDSPAN_DENIED' });
      expect(last('disposition')).toBe('enforced');
    }
    expect(guarded.sent()).toBe(1);
  });

  it.each([
    ['deny: {}', 'before', 'deny_failclosed', 0],
    ['deny: {}', 'beside', 'deny_failclosed', 1],
    ['annotate: {attributes: {rude: "yes"}}', 'before', 'allow_failopen', 1],
    ['annotate: {attributes: {rude: "yes"}}', 'beside', 'allow_failopen', 1],
  ])('no longer than the deadline: %s %s ends as %s', async (action, position, disposition, sent) => {
    guard(core, { action, position, deadline: '10ms' });
    declareToxicity(core, '*', 10_000_000);
    const outcome = await guarded.call().then(
      () => 'answered',
      (error: unknown) => (error as { status?: number }).status,
    );
    expect(outcome).toBe(disposition === 'deny_failclosed' ? 503 : 'answered');
    expect(guarded.sent()).toBe(sent);
    expect([last('disposition'), last('verdict.code')]).toEqual([disposition, 'deadline']);
  });
});
