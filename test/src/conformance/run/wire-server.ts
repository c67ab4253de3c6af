import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { ClientDescription, WireAnswer, WireRequest } from '../clients/description.js';

/** A server on loopback that answers as the provider of a client would, and remembers who asked what. */
export interface WireServer {
  url: string;
  /** What a usage of a run asked, by `<run>/<usage>`. */
  received(key: string): readonly WireRequest[];
  close(): Promise<void>;
}

/** Starts the server. Addresses are `<url>/<run>/<usage>`, so that requests of one usage can be told from those of another. */
export async function startWireServer(client: ClientDescription): Promise<WireServer> {
  const received = new Map<string, WireRequest[]>();
  const listener = (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): void => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('error', () => undefined);
    request.on('end', () => {
      const [, run = '', usage = '', ...rest] = (request.url ?? '').split('/');
      const key = `${run}/${usage}`;
      const before = received.get(key) ?? [];
      received.set(key, before);
      const asked: WireRequest = {
        method: request.method ?? '',
        path: `/${rest.join('/')}`,
        body: parsed(Buffer.concat(pieces).toString()),
        attempt: before.length,
      };
      before.push(asked);
      void send(response, client.answer(asked));
    });
  };
  const sessions = new Set<ServerHttp2Session>();
  // An idle connection is left to the application to close: on a busy machine the server would close one just as it is used again, and a request that
  // never got here fails with "other side closed", with us as without.
  const server = client.http2 === true ? createHttp2Server(listener) : createServer({ keepAliveTimeout: 0 }, listener);
  server.on('session', (session: ServerHttp2Session) => sessions.add(session));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: (key) => received.get(key) ?? [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.destroy();
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The border between the parts of a form is another one each time.
    const border = /^--([^\r]+)\r\n/.exec(text)?.[1];
    return border === undefined ? text : text.replaceAll(border, 'border');
  }
}

async function send(either: ServerResponse | Http2ServerResponse, answer: WireAnswer): Promise<void> {
  // Both have the methods that are used here.
  const response = either as ServerResponse;
  response.on('error', () => undefined);
  // Headers that arrive are an answer already; nothing at all is none.
  if (answer.pieces.length === 0 && answer.ending === 'open') return;
  // The date is no part of an answer that is compared.
  response.sendDate = false;
  response.writeHead(answer.status, answer.headers);
  response.flushHeaders();
  for (const piece of answer.pieces) {
    response.write(piece);
    // Each piece travels by itself, as a provider sends it.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  if (answer.ending === 'cut') ('stream' in either ? either.stream : either).destroy();
  else if (answer.ending !== 'open') response.end();
}
