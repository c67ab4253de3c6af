import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientMessage, HelloMessage, ServerMessage } from '@guardspan/policy/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PullLink } from '../../src/channel/pull-link.js';

const HELLO: HelloMessage = {
  type: 'hello',
  protocols: ['guardspan.v1'],
  featureLevel: 1,
  instance: 'i',
  incarnation: 'x',
  sdk: { name: 'test', version: '1' },
  resource: { service: 'loans', serviceVersion: '', environment: '', host: 'h', pid: 1 },
  capabilities: [],
  callSites: [],
  targets: [],
  allow: { actions: [] },
  have: { revision: '', epoch: 0, directiveSeq: 0 },
};

describe('pull link', () => {
  let server: Server;
  let asked: URL[] = [];
  let said: ClientMessage[][] = [];
  let allowed: number[] = [];
  let answer: { status: number; body: unknown } = { status: 200, body: {} };
  let link: PullLink;
  let heard: ServerMessage[] = [];
  let ups = 0;
  let downs = 0;

  beforeEach(async () => {
    asked = [];
    said = [];
    allowed = [];
    heard = [];
    ups = 0;
    downs = 0;
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        asked.push(new URL(request.url ?? '/', 'http://x'));
        said.push((JSON.parse(Buffer.concat(chunks).toString()) as { messages: ClientMessage[] }).messages);
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    link = new PullLink({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      token: () => 'secret',
      random: () => 0,
      collect: (maxDecisions) => {
        allowed.push(maxDecisions);
        return [HELLO];
      },
      message: (message) => heard.push(message),
      up: () => (ups += 1),
      failed: (wasOpen) => (downs += wasOpen ? 1 : 0),
    });
  });
  afterEach(async () => {
    await link.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('asks on from the last cursor and hands on what it hears', async () => {
    answer = { status: 200, body: { cursor: 'c1', messages: [{ type: 'kill', kill: [] }, { type: 'no such thing' }] } };
    link.connect();
    await vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(2), { timeout: 5000 });
    expect(asked[0]!.pathname).toBe('/api/v1/agent/sync');
    expect(said[0]).toEqual([HELLO]);
    expect(asked.map((url) => url.searchParams.get('since')).slice(0, 2)).toEqual(['', 'c1']);
    expect(heard[0]).toEqual({ type: 'kill', kill: [] });
    expect(heard.every(({ type }) => type === 'kill')).toBe(true);
    expect(link.open).toBe(true);
  });

  it('says when the evaluator is lost, and asks slowly after a refusal', async () => {
    answer = { status: 200, body: { cursor: 'c1', messages: [] } };
    link.connect();
    await vi.waitFor(() => expect(link.open).toBe(true));
    answer = { status: 403, body: {} };
    await vi.waitFor(() => expect(link.state).toBe('refused'), { timeout: 5000 });
    expect(downs).toBe(1);
    expect(ups).toBeGreaterThanOrEqual(1);
  });

  it('says what waits with the next exchange, and at once at the end', async () => {
    answer = { status: 200, body: { cursor: 'c1', messages: [] } };
    link.connect();
    await vi.waitFor(() => expect(link.open).toBe(true));
    link.send({ type: 'ack', revision: 'r' });
    await link.flush(5000);
    expect(said.at(-1)).toEqual([HELLO, { type: 'ack', revision: 'r' }]);
  });

  it('asks for everything after an exchange that failed, and says less when it was too much', async () => {
    answer = { status: 200, body: { cursor: 'c1', messages: [] } };
    link.connect();
    await vi.waitFor(() => expect(link.open).toBe(true));
    answer = { status: 413, body: {} };
    await link.flush(5000);
    expect(link.open).toBe(false);
    answer = { status: 200, body: { cursor: 'c2', messages: [] } };
    await vi.waitFor(() => expect(link.open).toBe(true), { timeout: 5000 });
    expect(asked.map((url) => url.searchParams.get('since')).slice(0, 3)).toEqual(['', 'c1', '']);
    expect(allowed[2]).toBe(allowed[0]! / 2);
  });
});
