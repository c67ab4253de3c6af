import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spansOf, type ReceivedSpan } from './otlp-json.js';

/** Something that takes OTLP/JSON spans and keeps them. */
export interface Receiver {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  close(): Promise<void>;
}

/** Stands for the tracing backend of the application. */
export function startBackend(): Promise<Receiver> {
  return start((_request, _body, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{}');
    return Promise.resolve(true);
  });
}

/**
 * Stands between an application's guard feed and where it goes, and keeps a copy of what was accepted. What does not arrive is answered 503, so that the
 * application sends it again.
 */
export function startTee(target: () => string): Promise<Receiver> {
  return start(async (request, body, response) => {
    try {
      const answer = await fetch(`${target()}${request.url}`, {
        method: 'POST',
        body,
        headers: {
          'content-type': request.headers['content-type'] ?? '',
          authorization: request.headers.authorization ?? '',
        },
      });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await answer.arrayBuffer()));
      return answer.ok;
    } catch {
      response.writeHead(503).end();
      return false;
    }
  });
}

type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => Promise<boolean>;

async function start(answer: Answer): Promise<Receiver> {
  const spans: ReceivedSpan[] = [];
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString();
      void answer(request, body, response).then((accepted) => {
        if (accepted && request.url === '/v1/traces') spans.push(...spansOf(body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
