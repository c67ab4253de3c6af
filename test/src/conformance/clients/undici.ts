import { Readable, Writable } from 'node:stream';
import type * as Library from 'undici';
import { describeClient, type Usage } from './description.js';
import { serverAnswer, serverUsages, type Ask } from './server-usages.js';
import { MODELS, PROMPT } from './shared.js';

/** The module and the address that is asked. */
interface Client {
  undici: typeof Library;
  url: string;
}

const chat = JSON.stringify({ model: MODELS.good, messages: [{ role: 'user', content: PROMPT }] });
const options = { method: 'POST' as const, headers: { 'content-type': 'application/json' } };
const PATH = '/v1/chat/completions';

function askOf({ undici, url }: Client): Ask {
  return async (path, body, signal) => {
    const asked = { ...options, body: JSON.stringify(body), ...(signal === undefined ? {} : { signal }) };
    const { statusCode, headers, trailers, body: answer } = await undici.request(`${url}${path}`, asked);
    return { status: statusCode, facts: { type: headers['content-type'], trailers }, body: answer };
  };
}

const more: Usage<Client>[] = [
  {
    name: 'body.json()',
    run: async ({ undici, url }) =>
      (await undici.request(`${url}${PATH}`, { ...options, body: Buffer.from(chat) })).body.json(),
  },
  {
    name: 'stream()',
    run: async ({ undici, url }) => {
      const pieces: Buffer[] = [];
      const { opaque, trailers } = await undici.stream(
        `${url}${PATH}`,
        { ...options, body: chat, opaque: 'mine' },
        () =>
          new Writable({
            write: (piece: Buffer, _encoding, done) => {
              pieces.push(piece);
              done();
            },
          }),
      );
      return { opaque, trailers, body: JSON.parse(Buffer.concat(pieces).toString()) as unknown };
    },
  },
  {
    name: 'a client of one server',
    calls: 2,
    run: async ({ undici, url }) => {
      const { origin, pathname } = new URL(url);
      const client = new undici.Client(origin);
      const answers: unknown[] = [];
      for (let turn = 0; turn < 2; turn++) {
        const { body } = await client.request({ ...options, path: `${pathname}${PATH}`, body: chat });
        answers.push(await body.json());
      }
      await client.close();
      return answers;
    },
  },
  {
    name: 'an agent of its own, with headers as a list and the length told',
    run: async ({ undici, url }) => {
      const dispatcher = new undici.Agent({ connections: 1 });
      const headers = ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(chat))];
      const { body } = await undici.request(`${url}${PATH}`, { ...options, headers, body: chat, dispatcher });
      const answer = await body.json();
      await dispatcher.close();
      return answer;
    },
  },
  {
    name: 'its own fetch',
    run: async ({ undici, url }) => {
      const response = await undici.fetch(`${url}${PATH}`, { ...options, body: chat });
      return { same: response instanceof undici.Response, body: await response.json() };
    },
  },
  {
    name: 'a body that is dumped',
    partial: true,
    run: async ({ undici, url }) => {
      const { statusCode, body } = await undici.request(`${url}${PATH}`, { ...options, body: chat });
      await body.dump();
      return statusCode;
    },
  },
  {
    name: 'a slow reader',
    run: async ({ undici, url }) => {
      const { body } = await undici.request(`${url}${PATH}`, { ...options, body: chat, highWaterMark: 16 });
      const pieces: Buffer[] = [];
      for await (const piece of body) {
        pieces.push(piece as Buffer);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return JSON.parse(Buffer.concat(pieces).toString()) as unknown;
    },
  },
  {
    name: 'pipeline()',
    calls: 0,
    unguarded: 1,
    run: async ({ undici, url }) => {
      const through = undici.pipeline(`${url}${PATH}`, options, ({ body }) => body);
      const pieces: Buffer[] = [];
      for await (const piece of Readable.from([chat]).pipe(through)) pieces.push(piece as Buffer);
      return JSON.parse(Buffer.concat(pieces).toString()) as unknown;
    },
  },
];

/** Servers of models that are asked with undici's own API. The body of `pipeline()` is a stream, which passes unguarded and is counted so. */
export const undici = describeClient<Client>({
  name: 'undici',
  module: 'undici',
  env: (url) => ({ GUARDSPAN_HTTP_MODELS: `${url}/*` }),
  connect: (module, url) => ({ undici: module as typeof Library, url }),
  answer: serverAnswer,
  modelOf: ({ body }) => String((body as { model?: unknown }).model ?? ''),
  reroute: { model: MODELS.other },
  usages: [...serverUsages(askOf), ...more],
});
