import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { GuardspanError, HTTP_API } from '@guardspan/policy/runtime';

/** Handles a request, or says by `false` that it is not its own. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

/** Options of {@link startHttpServer}. */
export interface HttpServerOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Asked in order. */
  handlers: readonly HttpHandler[];
  onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Told of handlers that throw; the client gets 500 without details. */
  onError: (error: unknown) => void;
}

/** Starts the one HTTP port. @returns the server and its URL @throws {GuardspanError} GUARDSPAN_LISTEN_ADDRESS when the address cannot be had. */
export async function startHttpServer(options: HttpServerOptions): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    void handle(options, request, response);
  });
  server.on('upgrade', options.onUpgrade);
  // The Collector keeps connections open between batches for longer than Node's default of five seconds.
  server.keepAliveTimeout = 75_000;
  server.headersTimeout = 20_000;
  server.requestTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(options, error)));
    server.listen(options.port, options.host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { server, url: `http://${host}:${port}` };
}

function cannotListen({ host, port }: HttpServerOptions, error: NodeJS.ErrnoException): GuardspanError {
  const at = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const why = error.code === 'EADDRINUSE' ? 'another process listens there' : error.message;
  return new GuardspanError(
    'GUARDSPAN_LISTEN_ADDRESS',
    `The evaluator cannot listen on ${at}: ${why}.`,
    'Choose another address (--listen), or end what listens there; port 0 takes a free one.',
  );
}

async function handle(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Tells the evaluator from whatever else may answer at an address.
  response.setHeader(HTTP_API.HEADER, HTTP_API.VERSION);
  try {
    for (const handler of options.handlers) if (await handler(request, response)) return;
    problem(response, 404, 'GUARDSPAN_NOT_FOUND', 'There is nothing at this path.');
  } catch (error) {
    options.onError(error);
    if (!response.headersSent) problem(response, 500, 'GUARDSPAN_INTERNAL', 'The evaluator failed; its log says why.');
    else response.destroy();
  }
}

function problem(response: ServerResponse, status: number, code: string, detail: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title: detail, status, code, detail }));
}
