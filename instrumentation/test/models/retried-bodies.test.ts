import OpenAI, { APIPromise } from 'openai';
import { describe, expect, it } from 'vitest';
import { patchOpenAI } from '../../src/models/openai/patch-openai.js';
import { declareToxicity, guard } from '../external/toxicity.js';
import { makeCore } from '../guard/fakes.js';

const ANSWER = {
  ...{ id: 'c', object: 'chat.completion', created: 1, model: 'm' },
  choices: [{ index: 0, message: { role: 'assistant', content: 'Paris.' }, finish_reason: 'stop' }],
};

/** Answers once with a body that never ends, and then at once. */
function client(): OpenAI {
  let asked = 0;
  const fetch = (): Promise<Response> => {
    asked += 1;
    const headers = { 'content-type': 'application/json', 'x-request-id': `request-${asked}` };
    return Promise.resolve(new Response(asked === 1 ? new ReadableStream() : JSON.stringify(ANSWER), { headers }));
  };
  return new OpenAI({ ...{ apiKey: 'none', baseURL: 'http://127.0.0.1:9', maxRetries: 1, timeout: 50 }, fetch });
}

const body = { model: 'm', messages: [{ role: 'user' as const, content: 'hello' }] };
const uses: Record<string, (openai: OpenAI) => Promise<{ request_id: string | null; response: Response }>> = {
  'a call': (openai) => openai.chat.completions.create(body).withResponse(),
  'what a helper derives from a call': (openai) => openai.chat.completions.parse(body).withResponse(),
};

const seen = async (name: string): Promise<unknown> => {
  const { request_id: id, response } = await uses[name]!(client());
  return { id, header: response.headers.get('x-request-id') };
};

describe('withResponse() has the response of the retry when the body did not come in time', () => {
  for (const waits of [false, true])
    it.each(Object.keys(uses))(`of %s${waits ? ', which waited for a detector' : ''}`, async (name) => {
      const bare = await seen(name);
      expect(bare).toEqual({ id: 'request-2', header: 'request-2' });
      const { core, fed } = makeCore();
      if (waits) {
        guard(core);
        declareToxicity(core, 'nothing of this');
      }
      const patch = patchOpenAI({ OpenAI, APIPromise }, '7', { runtime: () => core, declare: () => undefined });
      try {
        expect(await seen(name)).toEqual(bare);
        expect(fed.map(({ failed }) => failed)).toEqual([false]);
      } finally {
        patch?.undo();
      }
    });
});
