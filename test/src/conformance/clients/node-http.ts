import axios from 'axios';
import got from 'got';
import type * as nodeHttp from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describeClient, type Usage } from './description.js';
import { serverAnswer, serverUsages, type Ask } from './server-usages.js';
import { MODELS, PATIENCE, PROMPT } from './shared.js';

/** The module and the address that is asked. */
interface Client {
  http: typeof nodeHttp;
  url: string;
  agent: nodeHttp.Agent;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const chat = { model: MODELS.good as string, messages: [{ role: 'user' as const, content: PROMPT }] };

/** Headers of which nothing depends on the run or on a redaction. */
function shown(headers: IncomingHttpHeaders): object {
  const { 'content-type': type, connection, 'transfer-encoding': transfer } = headers;
  return { type, connection, transfer };
}

function asked(
  client: Client,
  path: string,
  options: RequestOptions,
  send: (request: nodeHttp.ClientRequest) => void,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = client.http.request(
      `${client.url}${path}`,
      { method: 'POST', agent: client.agent, ...options },
      resolve,
    );
    request.on('error', reject);
    send(request);
  });
}

function askOf(client: Client): Ask {
  return async (path, body, signal) => {
    const response = await asked(
      client,
      path,
      { headers: JSON_TYPE, ...(signal === undefined ? {} : { signal }) },
      (request) => request.end(JSON.stringify(body)),
    );
    return {
      status: response.statusCode ?? 0,
      facts: { headers: shown(response.headers), class: response.constructor.name },
      body: response,
    };
  };
}

async function read(response: IncomingMessage): Promise<unknown> {
  let text = '';
  response.setEncoding('utf8');
  for await (const piece of response) text += piece as string;
  return JSON.parse(text) as unknown;
}

/** The events of a request and its response, in order and without repetition. */
function eventsOf(client: Client, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const events: string[] = [];
    let text = '';
    const note = (name: string): void => void (events.at(-1) !== name && events.push(name));
    const request = client.http.request(`${client.url}/v1/chat/completions`, { method: 'POST', headers: JSON_TYPE });
    for (const name of ['socket', 'finish', 'error', 'close'] as const) request.on(name, () => note(`request ${name}`));
    request.on('error', reject);
    request.on('response', (response: IncomingMessage) => {
      note('response');
      for (const name of ['data', 'end', 'error', 'close'] as const) response.on(name, () => note(`response ${name}`));
      response.on('data', (piece: Buffer) => (text += piece.toString()));
      response.on('close', () => {
        setTimeout(() => resolve({ events: events.sort(), complete: response.complete, text }), 20);
      });
    });
    request.end(body);
  });
}

const written: Usage<Client>[] = [
  {
    name: 'a body in several pieces',
    run: async (client) => {
      const text = JSON.stringify(chat);
      return read(
        await asked(client, '/v1/chat/completions', { headers: JSON_TYPE }, (request) => {
          request.write(text.slice(0, 9));
          request.write(Buffer.from(text.slice(9, 30)), () => request.end(text.slice(30), 'utf8'));
        }),
      );
    },
  },
  {
    name: 'a body with its length in the headers',
    run: async (client) => {
      const text = JSON.stringify(chat);
      const headers = { ...JSON_TYPE, 'content-length': Buffer.byteLength(text) };
      return read(await asked(client, '/v1/chat/completions', { headers }, (request) => request.end(text)));
    },
  },
  {
    name: 'a body from a stream',
    run: async (client) =>
      read(
        await asked(client, '/v1/chat/completions', { headers: JSON_TYPE }, (request) => {
          pipeline(Readable.from([JSON.stringify(chat)]), request).catch(() => undefined);
        }),
      ),
  },
  {
    name: 'a connection that is kept alive',
    calls: 2,
    run: async (client) => {
      const agent = new client.http.Agent({ keepAlive: true, maxSockets: 1 });
      const ports: unknown[] = [];
      const answers: unknown[] = [];
      for (const seed of [1, 2]) {
        const response = await asked(client, '/v1/chat/completions', { headers: JSON_TYPE, agent }, (request) =>
          request.end(JSON.stringify({ ...chat, seed })),
        );
        ports.push(response.socket.localPort);
        answers.push(await read(response));
      }
      agent.destroy();
      return { kept: ports[0] === ports[1], answers };
    },
  },
  {
    name: 'the events of a call',
    partial: true,
    run: (client) => eventsOf(client, JSON.stringify(chat)),
  },
  {
    name: 'a timeout of the socket',
    partial: true,
    waits: true,
    run: (client) =>
      new Promise((resolve, reject) => {
        const request = client.http.request(
          `${client.url}/v1/chat/completions`,
          { method: 'POST', timeout: PATIENCE },
          reject,
        );
        request.on('timeout', () => request.destroy(new Error('too late')));
        request.on('error', (error) => (error.message === 'too late' ? resolve(error.message) : reject(error)));
        request.end(JSON.stringify({ ...chat, model: MODELS.never }));
      }),
  },
  {
    name: 'a request that is destroyed before it is sent',
    calls: 0,
    run: (client) =>
      new Promise((resolve) => {
        const request = client.http.request(`${client.url}/v1/chat/completions`, { method: 'POST' });
        request.on('error', (error) => resolve((error as NodeJS.ErrnoException).code));
        request.write('{');
        request.destroy();
      }),
  },
  {
    name: 'axios',
    run: async ({ url }) => {
      const { status, data } = await axios.post<unknown>(`${url}/v1/chat/completions`, chat);
      return { status, data };
    },
  },
  {
    name: 'axios and HTTP 500',
    partial: true,
    run: ({ url }) =>
      axios.post(`${url}/v1/chat/completions`, { ...chat, model: MODELS.error }).then(
        () => 'answered',
        (error: unknown) => {
          const { name, message, response } = error as { name: string; message: string; response?: { status: number } };
          if (!response) throw error;
          return { name, message, status: response.status };
        },
      ),
  },
  {
    name: 'got',
    run: ({ url }) => got.post(`${url}/v1/chat/completions`, { json: chat, retry: { limit: 0 } }).json(),
  },
];

/** Servers of models that are asked through `node:http`: by itself, and by libraries above it. */
export const nodeHttpClient = describeClient<Client>({
  name: 'node-http',
  module: 'node:http',
  patched: null,
  env: (url) => ({ GUARDSPAN_HTTP_MODELS: `${url}/*` }),
  connect: (module, url) => {
    const http = module as typeof nodeHttp;
    return { http, url, agent: http.globalAgent };
  },
  answer: serverAnswer,
  modelOf: ({ body }) => String((body as { model?: unknown }).model ?? ''),
  reroute: { model: MODELS.other },
  usages: [...serverUsages(askOf), ...written],
});
