import { describeClient } from './description.js';
import { serverAnswer, serverUsages, type Ask } from './server-usages.js';
import { MODELS, PROMPT } from './shared.js';

/** An application that asks servers of models with `fetch` alone: `ask` posts JSON below the address. */
interface Client {
  url: string;
  ask(path: string, body: unknown, init?: RequestInit): Promise<Response>;
}

const JSON_TYPE = { 'content-type': 'application/json' };

function askOf(client: Client): Ask {
  return async (path, body, signal) => {
    const response = await client.ask(path, body, signal === undefined ? {} : { signal });
    const { status, ok, url, redirected, type } = response;
    const facts = { ok, path: new URL(url).pathname, redirected, type, class: response.constructor.name };
    return { status, facts, body: response.body! as AsyncIterable<Uint8Array> };
  };
}

const chat = { model: MODELS.good, messages: [{ role: 'user', content: PROMPT }] };

/** Servers of models that are asked with `fetch`: OpenAI-compatible ones (vLLM and others), KServe and Triton, TensorFlow Serving, TorchServe, MLflow. */
export const http = describeClient<Client>({
  name: 'http',
  module: 'node:url',
  patched: null,
  env: (url) => ({ GUARDSPAN_HTTP_MODELS: `${url}/*` }),
  connect: (_module, url) => ({
    url,
    ask: (path, body, init) =>
      fetch(`${url}${path}`, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body), ...init }),
  }),
  answer: serverAnswer,
  modelOf: ({ body }) => String((body as { model?: unknown }).model ?? ''),
  reroute: { model: MODELS.other },
  usages: [
    ...serverUsages(askOf),
    {
      name: 'the text of an answer, read from a clone',
      run: async (client) => {
        const response = await client.ask('/v1/chat/completions', chat);
        return JSON.parse(await response.clone().text()) as unknown;
      },
    },
    {
      name: 'json(), once',
      run: async (client) => {
        const response = await client.ask('/v1/chat/completions', chat);
        return { body: (await response.json()) as unknown, used: response.bodyUsed };
      },
    },
    {
      name: 'a request object',
      run: async ({ url }) => {
        const body = JSON.stringify(chat);
        const request = new Request(`${url}/v1/chat/completions`, { method: 'POST', headers: JSON_TYPE, body });
        return { body: await (await fetch(request)).json(), used: request.bodyUsed };
      },
    },
    {
      name: 'a form with a sound',
      calls: 0,
      unguarded: 1,
      run: async ({ url }) => {
        const body = new FormData();
        body.set('model', MODELS.good);
        body.set('file', new File(['sound'], 'sound.mp3'));
        return (await fetch(`${url}/v1/audio/transcriptions`, { method: 'POST', body })).json();
      },
    },
    {
      name: 'a body that is a stream',
      calls: 0,
      unguarded: 1,
      run: async ({ url }) => {
        const body = new Blob([JSON.stringify(chat)]).stream();
        const init = { method: 'POST', headers: JSON_TYPE, body, duplex: 'half' } as RequestInit;
        return (await fetch(`${url}/v1/chat/completions`, init)).json();
      },
    },
  ],
});
