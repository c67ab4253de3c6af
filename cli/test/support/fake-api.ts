import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HTTP_API, loadGuardrails } from '@guardspan/policy';
import type { LoadedGuardrail } from '@guardspan/policy';
import { isOperation } from './operations.js';

/** A request as the server saw it. */
export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** The part of the guard-rail API that the command uses, with its conditions, in memory. */
export interface FakeApi {
  url: string;
  seen: Seen[];
  /** Documents by name. */
  documents: Map<string, LoadedGuardrail>;
  /** Runs before each change is judged: another person's change in between. */
  beforeChange: () => void;
  /** Answers each request with this instead, when set. */
  answer: { status: number; body: unknown } | null;
  close(): Promise<void>;
}

/** Starts it on a free port of the loopback interface. Only `Bearer let-me-in` may change anything. */
export async function startFakeApi(): Promise<FakeApi> {
  const api = { seen: [], documents: new Map(), beforeChange: () => undefined, answer: null } as unknown as FakeApi;
  const server = createServer((request, response) => void respond(api, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  api.close = () => new Promise((resolve) => server.close(() => resolve()));
  return api;
}

async function respond(api: FakeApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader(HTTP_API.HEADER, HTTP_API.VERSION);
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const url = new URL(request.url!, api.url);
  const method = request.method!;
  api.seen.push({ method, path: request.url!, headers: request.headers, body });
  const send = (status: number, value: unknown, etag = ''): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...(etag === '' ? {} : { etag }) });
    response.end(JSON.stringify(value));
  };
  if (!isOperation(method, request.url!)) throw new Error(`the evaluator does not serve ${method} ${request.url}`);
  if (api.answer !== null) return send(api.answer.status, api.answer.body);
  if (url.pathname === '/api/v1/guardrails') return send(200, { items: [...api.documents.values()].map(view) });
  // Of other kinds it holds nothing.
  if (/^\/api\/v1\/[a-z]+$/.test(url.pathname)) return send(200, { items: [] });
  const name = decodeURIComponent(url.pathname.slice('/api/v1/guardrails/'.length));
  if (method !== 'GET') {
    if (request.headers.authorization !== 'Bearer let-me-in') return send(401, { code: 'GUARDSPAN_TEST_AUTH' });
    api.beforeChange();
  }
  const current = api.documents.get(name);
  if (method === 'GET')
    return current === undefined
      ? send(404, { code: 'GUARDSPAN_NOT_FOUND', detail: `there is no guard-rail "${name}"` })
      : send(200, view(current), `"${current.revision}"`);
  const expected = request.headers['if-match'];
  const fits =
    request.headers['if-none-match'] === '*' ? current === undefined : expected === `"${current?.revision ?? ''}"`;
  if (!fits)
    return send(412, {
      code: 'GUARDSPAN_PRECONDITION',
      detail: 'somebody changed it meanwhile',
      hint: 'get it and apply again',
    });
  if (method === 'DELETE') {
    api.documents.delete(name);
    response.writeHead(204).end();
    return;
  }
  const loaded = loadGuardrails(body, { file: name }).guardrails[0]!;
  const outcome = current === undefined ? 'created' : current.revision === loaded.revision ? 'unchanged' : 'updated';
  if (url.searchParams.get('dryRun') === 'true') return send(200, { outcome: 'valid' });
  api.documents.set(name, loaded);
  send(200, {
    outcome,
    warnings: url.searchParams.get('allowPartial') === 'true' ? ['2 processes cannot load it'] : [],
  });
}

function view({ guardrail, revision, source }: LoadedGuardrail): object {
  return { name: guardrail.metadata.name, revision, generation: 1, author: 'ada', at: 0, source, guardrail };
}
