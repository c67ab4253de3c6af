import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ScenarioState } from '../scenario/run-scenario.js';

const PAGE = new URL('../../page/index.html', import.meta.url);

/** Serves the live page on a free port of the loopback interface: one document, and the state once a quarter of a second as server-sent events. */
export async function startPage(state: ScenarioState): Promise<{ url: string; close: () => Promise<void> }> {
  const html = await readFile(PAGE);
  const server = createServer((request, response) => {
    if (request.url === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      const send = (): void => void response.write(`data: ${JSON.stringify(state)}\n\n`);
      send();
      const timer = setInterval(send, 250);
      response.on('close', () => clearInterval(timer));
    } else if (request.url === '/') {
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'self' 'unsafe-inline'; img-src data:",
      });
      response.end(html);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
