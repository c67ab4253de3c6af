import OpenAI, { APIPromise } from 'openai';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { getRuntime, startGuard, status, stopGuard } from '../../src/guard/runtime.js';
import { guardModelOn } from '../../src/models/function/guard-model-on.js';
import { patchOpenAI } from '../../src/models/openai/patch-openai.js';

const CALLS = 500;
/** Timers that watch over all calls, and are made anew now and then. */
const SHARED = CALLS / 10;

const host = { runtime: getRuntime, declare: () => undefined };
let timers: { mock: { calls: unknown[][] } }[];
beforeEach(() => {
  // Without a feed, whose timer is one for each batch: how many batches there are is a question of how fast the machine is.
  startGuard({ service: 's', otlpEndpoint: '', endpoint: '', snapshotDir: '' });
  timers = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'setInterval')];
});
afterEach(async () => {
  vi.restoreAllMocks();
  await stopGuard();
});
const made = (): number => timers.reduce((sum, { mock }) => sum + mock.calls.length, 0);

it('a call of a function makes no timer of its own', async () => {
  const model = guardModelOn(host, async (text: string) => Promise.resolve(text), {
    ...{ name: 'm', prompt: (text: string) => text },
  });
  for (let i = 0; i < CALLS; i++) await model('hello');
  expect(made()).toBeLessThan(SHARED);
  expect(status().coverage.calls).toBe(CALLS);
});

it.each([false, true])(
  'a call of a client makes no timer that the client does not make (streamed: %s)',
  async (stream) => {
    const chunk = { id: '1', choices: [{ index: 0, delta: { content: 'hi' }, finish_reason: 'stop' }] };
    const answer = { id: '1', choices: [{ index: 0, message: { role: 'assistant', content: 'hi' } }] };
    const client = new OpenAI({
      ...{ apiKey: 'test', maxRetries: 0 },
      fetch: () =>
        Promise.resolve(
          stream
            ? new Response(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`, {
                headers: { 'content-type': 'text/event-stream' },
              })
            : Response.json(answer),
        ),
    });
    const messages = [{ role: 'user' as const, content: 'hello' }];
    const ask = async (): Promise<number> => {
      const before = made();
      for (let i = 0; i < CALLS; i++) {
        const said: unknown = await client.chat.completions.create({ model: 'm', messages, stream });
        if (stream) for await (const piece of said as AsyncIterable<unknown>) expect(piece).toBeDefined();
      }
      return made() - before;
    };
    const bare = await ask();
    const patch = patchOpenAI({ OpenAI, APIPromise }, '7', host);
    try {
      expect((await ask()) - bare).toBeLessThan(SHARED);
      expect(status().coverage.calls).toBe(CALLS);
    } finally {
      patch?.undo();
    }
  },
);
