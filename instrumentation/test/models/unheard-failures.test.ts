import Anthropic, { APIPromise as AnthropicPromise } from '@anthropic-ai/sdk';
import OpenAI, { APIPromise } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Patch } from '../../src/loader/patch.js';
import { patchAnthropic } from '../../src/models/anthropic/patch-anthropic.js';
import { patchOpenAI } from '../../src/models/openai/patch-openai.js';
import { makeCore } from '../guard/fakes.js';

interface Asked extends Promise<unknown> {
  asResponse(): Promise<unknown>;
  withResponse(): Promise<unknown>;
}

const options = {
  ...{ apiKey: 'none', baseURL: 'http://127.0.0.1:9', maxRetries: 0 },
  fetch: () => Promise.resolve(Response.json({}, { status: 500 })),
};
const messages = [{ role: 'user' as const, content: 'hello' }];
const clients: Record<string, { ask: () => Asked; patch: (host: Parameters<typeof patchOpenAI>[2]) => Patch | null }> =
  {
    openai: {
      ask: () => new OpenAI(options).chat.completions.create({ model: 'm', messages }),
      patch: (host) => patchOpenAI({ OpenAI, APIPromise }, '7', host),
    },
    anthropic: {
      ask: () => new Anthropic(options).messages.create({ model: 'm', max_tokens: 9, messages }),
      patch: (host) => patchAnthropic({ Anthropic, APIPromise: AnthropicPromise }, '1', host),
    },
  };
const uses: Record<string, (promise: Asked) => void> = {
  'is dropped': () => undefined,
  'has its raw response dropped': (promise) => void promise.asResponse(),
  'has its response dropped': (promise) => void promise.withResponse(),
  'is only waited for by finally': (promise) => void promise.finally(() => undefined),
  'is caught': (promise) => void promise.catch(() => undefined),
  'has its raw response caught': (promise) => void promise.asResponse().catch(() => undefined),
};

describe('a failure that the application does not handle', () => {
  let unheard: string[];
  let others: NodeJS.UnhandledRejectionListener[];
  const listen = (error: unknown): void => void unheard.push((error as Error).constructor.name);
  beforeEach(() => {
    unheard = [];
    // The test runner's own take each for a fault of the test.
    others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', listen);
  });
  afterEach(() => {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  });

  const after = async (use: () => void): Promise<string[]> => {
    unheard = [];
    use();
    await new Promise((resolve) => setTimeout(resolve, 20));
    return unheard;
  };

  for (const [client, { ask, patch }] of Object.entries(clients))
    it.each(Object.keys(uses))(`stays one with ${client}, where the promise %s`, async (name) => {
      const bare = await after(() => uses[name]!(ask()));
      expect(bare).toEqual(name.endsWith('caught') ? [] : ['InternalServerError']);
      const { core, fed } = makeCore();
      const patched = patch({ runtime: () => core, declare: () => undefined });
      try {
        expect(await after(() => uses[name]!(ask()))).toEqual(bare);
        expect(fed.map(({ failed }) => failed)).toEqual([true]);
      } finally {
        patched?.undo();
      }
    });
});
