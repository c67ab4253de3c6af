import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** The parts that share the one port. Each answers true when the request was its own. */
export interface HttpParts {
  otlp: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  api: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  metrics: () => Promise<{ contentType: string; text: string }>;
  /** Empty when ready, else a plain sentence. */
  notReady: () => string;
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Something threw that should not have. */
  onError: (error: unknown) => void;
}

/** Starts the server. Resolves with its URL once it listens; rejects when the address is taken. */
export async function startHttpServer(
  address: { host: string; port: number },
  parts: HttpParts,
): Promise<{ server: Server; url: string }> {
  const server = createServer(
    { keepAliveTimeout: 65_000, requestTimeout: 60_000, headersTimeout: 15_000 },
    (request, response) => {
      route(request, response, parts).catch((error: unknown) => {
        parts.onError(error);
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
        response.end('internal error\n');
      });
    },
  );
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    parts.upgrade(request, socket, head),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return { server, url: `http://${host}:${port}` };
}

async function route(request: IncomingMessage, response: ServerResponse, parts: HttpParts): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0]!;
  if (path.startsWith('/v1/') && path !== '/v1/channel' && (await parts.otlp(request, response))) return;
  if (path === '/healthz') return plain(response, 200, 'ok\n');
  if (path === '/readyz') {
    const reason = parts.notReady();
    return plain(response, reason === '' ? 200 : 503, reason === '' ? 'ready\n' : `${reason}\n`);
  }
  if (path === '/metrics') {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return plain(response, 405, 'GET only\n', { allow: 'GET, HEAD' });
    const { contentType, text } = await parts.metrics();
    return plain(response, 200, text, { 'content-type': contentType });
  }
  if (await parts.api(request, response)) return;
  plain(
    response,
    path === '/v1/channel' ? 426 : 404,
    path === '/v1/channel' ? 'this is a websocket; see docs/channel.md\n' : 'not found\n',
  );
}

function plain(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(text);
}
