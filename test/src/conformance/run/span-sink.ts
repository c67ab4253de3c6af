import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes the spans of applications and does nothing with them: with it they run with a real SDK. */
export interface SpanSink {
  url: string;
  close(): Promise<void>;
}

/** Starts the sink on loopback. */
export async function startSpanSink(): Promise<SpanSink> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
