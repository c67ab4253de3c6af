import OpenAI, { APIPromise } from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Patch } from '../../src/loader/patch.js';
import { patchOpenAI } from '../../src/models/openai/patch-openai.js';
import { FakeRuntime } from '../support/fake-runtime.js';
import { startOpenAIStub } from '../support/openai-stub.js';
import type { OpenAIStub } from '../support/openai-stub.js';

let stub: OpenAIStub;
let client: OpenAI;
let fake: FakeRuntime;
let patch: Patch | null = null;

beforeAll(async () => {
  stub = await startOpenAIStub();
  client = new OpenAI({ apiKey: 'test', baseURL: stub.baseURL, maxRetries: 0 });
});
afterAll(() => stub.close());
beforeEach(() => {
  fake = new FakeRuntime();
});
afterEach(() => {
  patch?.undo();
  patch = null;
});

const messages = [{ role: 'user' as const, content: 'hi' }];
const chat = { model: 'stub', messages };

async function textOf(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  return text;
}

/** What a failing usage shows to the application. */
async function failure(fn: () => Promise<unknown>): Promise<unknown> {
  try {
    return { value: await fn() };
  } catch (error) {
    const { name, message, status } = error as Error & { status?: number };
    return { type: (error as object).constructor.name, name, message, status };
  }
}

interface Usage {
  run: () => Promise<unknown>;
  /** Calls that must be recorded; each must end exactly as said. */
  calls: number;
  failed?: boolean;
}

const usages: Record<string, Usage> = {
  create: { run: async () => client.chat.completions.create(chat), calls: 1 },
  'create().withResponse()': {
    run: async () => {
      const { data, response, request_id } = await client.chat.completions.create(chat).withResponse();
      return [data, response.status, request_id];
    },
    calls: 1,
  },
  'create().asResponse() and json()': {
    run: async () => (await client.chat.completions.create(chat).asResponse()).json(),
    calls: 1,
  },
  'stream read to its end': {
    run: async () => textOf(await client.chat.completions.create({ ...chat, stream: true })),
    calls: 1,
  },
  'stream left by break': {
    run: async () => {
      for await (const chunk of await client.chat.completions.create({ ...chat, stream: true })) return chunk;
      return null;
    },
    calls: 1,
  },
  'stream aborted before it is read': {
    run: async () => {
      const stream = await client.chat.completions.create({ ...chat, stream: true });
      stream.controller.abort();
      return stream.controller.signal.aborted;
    },
    calls: 1,
  },
  'stream with withResponse()': {
    run: async () => {
      const { data, response } = await client.chat.completions.create({ ...chat, stream: true }).withResponse();
      return [await textOf(data), response.status];
    },
    calls: 1,
  },
  'stream.tee()': {
    run: async () => {
      const [left, right] = (await client.chat.completions.create({ ...chat, stream: true })).tee();
      return [await textOf(left), await textOf(right)];
    },
    calls: 1,
  },
  'stream.toReadableStream()': {
    run: async () => {
      const stream = await client.chat.completions.create({ ...chat, stream: true });
      return new Response(stream.toReadableStream() as unknown as ReadableStream).text();
    },
    calls: 1,
  },
  'chat.completions.stream() helper': {
    run: async () => {
      const tools = [] as OpenAI.ChatCompletionTool[];
      const runner = client.chat.completions.stream({ ...chat, ...(tools.length > 0 ? { tools } : {}) });
      return textOf(runner);
    },
    calls: 1,
  },
  'chat.completions.parse()': { run: async () => client.chat.completions.parse(chat), calls: 1 },
  'chat.completions.parse().asResponse()': {
    run: async () => (await client.chat.completions.parse(chat).asResponse()).json(),
    calls: 1,
  },
  'responses.create': { run: async () => client.responses.create({ model: 'stub', input: 'hi' }), calls: 1 },
  'completions.create': { run: async () => client.completions.create({ model: 'stub', prompt: 'hi' }), calls: 1 },
  'embeddings.create': {
    run: async () => client.embeddings.create({ model: 'stub', input: 'hi', encoding_format: 'float' }),
    calls: 1,
  },
  'a call that is not guarded (404)': { run: async () => client.moderations.create({ input: 'x' }), calls: 0 },
  'HTTP 500': { run: async () => client.chat.completions.create({ ...chat, model: 'ERR' }), calls: 1, failed: true },
  'HTTP 500 for a stream': {
    run: async () => client.chat.completions.create({ ...chat, model: 'ERR', stream: true }),
    calls: 1,
    failed: true,
  },
  'stream cut by the server': {
    run: async () => textOf(await client.chat.completions.create({ ...chat, model: 'CUT', stream: true })),
    calls: 1,
    failed: true,
  },
  'stream aborted while it is read': {
    run: async () => {
      const abort = new AbortController();
      const params = { ...chat, model: 'SLOW', stream: true as const };
      const stream = await client.chat.completions.create(params, { signal: abort.signal });
      let chunks = 0;
      for await (const _ of stream) {
        chunks += 1;
        abort.abort();
      }
      return chunks;
    },
    calls: 1,
  },
};

describe('openai client, patched', () => {
  for (const [name, usage] of Object.entries(usages)) {
    it(`shows the application the same as without us: ${name}`, async () => {
      const bare = await failure(usage.run);
      patch = patchOpenAI({ OpenAI, APIPromise }, '7', fake);
      expect(patch).not.toBeNull();
      const guarded = await failure(usage.run);
      expect(guarded).toEqual(bare);
      await new Promise((resolve) => setImmediate(resolve));
      expect(fake.calls).toHaveLength(usage.calls);
      for (const call of fake.calls) {
        expect(call.ended).toBeGreaterThan(0);
        expect(call.failures).toHaveLength(usage.failed === true ? 1 : 0);
      }
    });
  }

  it('behaves as before once the patch is undone', async () => {
    patchOpenAI({ OpenAI, APIPromise }, '7', fake)?.undo();
    await client.chat.completions.create(chat);
    expect(fake.calls).toHaveLength(0);
  });

  it('is not wrapped twice', async () => {
    patch = patchOpenAI({ OpenAI, APIPromise }, '7', fake);
    patchOpenAI({ OpenAI, APIPromise }, '7', fake);
    await client.chat.completions.create(chat);
    expect(fake.calls).toHaveLength(1);
    expect(fake.sites).toHaveLength(1);
  });

  it('declines a module that has nothing to guard', () => {
    expect(patchOpenAI({}, '7', fake)).toBeNull();
    expect(patchOpenAI({ OpenAI: function OpenAI() {}, APIPromise }, '7', fake)).toBeNull();
  });
});
