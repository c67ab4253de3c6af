import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/guard/clock.js';
import { createServerEngine } from '../../src/rego/server-engine.js';

const INPUT = { point: 'request', call: { tenant: 'acme' }, detectors: {} };

describe('an OPA server over TCP', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function listen(answer: RequestListener, host = '127.0.0.1'): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as AddressInfo;
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  it('is asked as its Data API says, below the path of its URL and with its token, on one connection', async () => {
    const seen: IncomingMessage[] = [];
    const bodies: unknown[] = [];
    const connections = new Set<unknown>();
    const url = await listen((request, response) => {
      seen.push(request);
      connections.add(request.socket);
      void text(request).then((body) => {
        bodies.push(JSON.parse(body));
        response.end('{"result": {"deny": ["no"]}}');
      });
    });
    const engine = createServerEngine('remote', { url: `${url}/opa/`, token: 's3cret' }, systemClock);
    for (let n = 0; n < 3; n++)
      expect(await engine.ask('guardspan/residency', INPUT, 5)).toEqual({ value: { deny: ['no'] } });
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/opa/v1/data/guardspan/residency',
      headers: { authorization: 'Bearer s3cret', 'content-type': 'application/json' },
    });
    expect(bodies[0]).toEqual({ input: INPUT });
    expect(connections.size).toBe(1);
    engine.close();
  });

  it('that takes too long is given up at the deadline, and its connection ends', async () => {
    let closed = (): void => undefined;
    const ended = new Promise<void>((resolve) => (closed = resolve));
    const url = await listen((request) => void request.socket.once('close', closed));
    const engine = createServerEngine('slow', { url }, systemClock);
    const from = performance.now();
    expect(await engine.ask('p', INPUT, 0.1)).toEqual({
      failure: 'deadline',
      message: 'the OPA server slow did not answer within 0.1 s',
    });
    expect(performance.now() - from).toBeGreaterThanOrEqual(95);
    await ended;
    engine.close();
  });

  it.each<[string, RequestListener]>([
    ['another status', (_, response) => void response.writeHead(500).end('{"result": {"deny": []}}')],
    ['no JSON', (_, response) => void response.end('<html>')],
    ['more than a mebibyte', (_, response) => void response.end(`{"result": "${'x'.repeat(1 << 20)}"}`)],
    ['an end in the middle', (_, response) => void response.write('{"res', () => response.destroy())],
  ])('that answers with %s has failed, whatever it says', async (_, answer) => {
    const engine = createServerEngine('broken', { url: await listen(answer) }, systemClock);
    expect(await engine.ask('p', INPUT, 5)).toMatchObject({ failure: 'detector_error' });
    expect(engine.state()).toMatchObject({ asked: 1, failed: 1 });
    engine.close();
  });
});
