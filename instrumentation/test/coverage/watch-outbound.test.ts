import { createServer, request } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ModelHosts } from '../../src/coverage/model-hosts.js';
import { watchOutbound } from '../../src/coverage/watch-outbound.js';
import { asOwnTraffic } from '../../src/guard/inside.js';
import { callStart, makeCore } from '../guard/fakes.js';

describe('outbound requests to models', () => {
  let server: Server;
  let host = '';
  let stop = (): void => undefined;
  let { core } = makeCore();

  beforeAll(async () => {
    server = createServer((incoming, response) => {
      incoming.resume();
      incoming.on('end', () => response.end('{}'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    core = makeCore().core;
    stop = watchOutbound(new ModelHosts([host]), (seen) => core.unguarded('raw_http', seen));
  });
  afterEach(() => stop());

  const fetched = async (path = '/v1/chat/completions'): Promise<void> => {
    await (await fetch(`http://${host}${path}`, { method: 'POST', body: '{}' })).text();
  };
  const requested = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const outgoing = request(`http://${host}/v1/embeddings`, { method: 'POST' }, (response) => {
        response.resume().on('end', resolve);
      });
      outgoing.on('error', reject).end('{}');
    });

  it('lower coverage by exactly one each, through fetch and through node:http, and are named by host', async () => {
    for (let i = 0; i < 8; i++) {
      const call = core.begin(callStart());
      await call.run(() => fetched());
      call.end();
    }
    await fetched();
    await requested();
    const { calls } = core.counters.coverage();
    expect(calls).toBe(10);
    expect(core.counters.gaps()).toContainEqual({ reason: 'raw_http', name: host, count: 2 });
  });

  it('do not count when they are retries inside a call of ours', async () => {
    const call = core.begin(callStart());
    await call.run(async () => {
      await fetched();
      await requested();
      await fetched();
    });
    call.end();
    expect(core.counters.coverage().calls).toBe(1);
  });

  it('do not count when they are our own', async () => {
    await asOwnTraffic(() => fetched());
    expect(core.counters.coverage().calls).toBe(0);
  });

  it('do not count when they ask no model', async () => {
    await fetched('/v1/files');
    await (await fetch(`http://${host}/v1/models`)).text();
    expect(core.counters.coverage().calls).toBe(0);
  });
});
