import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServerMessage } from '@guardspan/policy/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PullLink } from '../../src/channel/pull-link.js';

describe('pull link', () => {
  let server: Server;
  let asked: URL[] = [];
  let answer: { status: number; body: unknown } = { status: 200, body: {} };
  let link: PullLink;
  let heard: ServerMessage[] = [];
  let ups = 0;
  let downs = 0;

  beforeEach(async () => {
    asked = [];
    heard = [];
    ups = 0;
    downs = 0;
    server = createServer((request, response) => {
      asked.push(new URL(request.url ?? '/', 'http://x'));
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    link = new PullLink({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      token: () => 'secret',
      random: () => 0,
      identity: { service: 'loans', environment: '', instance: 'i', incarnation: 'x' },
      wantsAll: () => false,
      message: (message) => heard.push(message),
      up: () => (ups += 1),
      down: () => (downs += 1),
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
    expect(asked[0]!.searchParams.get('service')).toBe('loans');
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
});
