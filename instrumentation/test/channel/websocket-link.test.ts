import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { WebSocketLink } from '../../src/channel/websocket-link.js';
import { systemClock } from '../../src/guard/clock.js';

describe('websocket link', () => {
  let server: WebSocketServer;
  let link: WebSocketLink;
  let accepted: WebSocket;
  let read: string[];

  beforeEach(async () => {
    read = [];
    server = new WebSocketServer({ host: '127.0.0.1', port: 0, autoPong: false });
    await once(server, 'listening');
    server.on('connection', (socket) => {
      accepted = socket;
      socket.on('message', (data: Buffer) => read.push((JSON.parse(data.toString()) as { type: string }).type));
    });
    link = new WebSocketLink({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      token: () => '',
      clock: systemClock,
      random: () => 0,
      handlers: {
        hello: () => ({ type: 'pong', nonce: 0, clock: 0 }),
        message: () => undefined,
        down: () => undefined,
      },
    });
  });
  afterEach(async () => {
    await link.close();
    server.close();
  });

  const connect = async (): Promise<void> => {
    link.connect();
    await vi.waitFor(() => expect(read).toEqual(['pong']));
  };

  it('has said everything when a flush resolves', async () => {
    await connect();
    accepted.on('ping', (data) => accepted.pong(data));
    link.send({ type: 'ack', revision: 'r' });
    await Promise.all([link.flush(20_000), link.flush(20_000)]);
    expect(read).toEqual(['pong', 'ack']);
  });

  it('waits no longer than it may for an evaluator that does not read, and not for one that goes', async () => {
    await connect();
    const pinged = once(accepted, 'ping');
    await link.flush(20);
    await pinged;
    const flushed = link.flush(20_000);
    accepted.terminate();
    await flushed;
  });

  it('does not wait for a connection that is not there', async () => {
    await link.flush(20_000);
    expect(read).toEqual([]);
  });
});
