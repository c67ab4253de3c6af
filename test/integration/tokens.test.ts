import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANNEL_PROTOCOL, CLOSE, FEATURE_LEVEL, type HelloMessage } from '@guardspan/policy';
import { WebSocket } from 'ws';
import { startApp } from './support/app.js';
import { startEvaluator, type Answer, type Evaluator } from './support/evaluator.js';
import { feedRequest } from './support/feed-request.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

const ADMIN = 'admin-token-0123456789';
const SHOP = 'shop-token-0123456789';
const BANK = 'bank-token-0123456789';
const NEW_SHOP = 'new-shop-token-0123456789';

function tokens(shop: string): string {
  const entry = (name: string, role: string, value: string, services = ''): string =>
    `- { name: ${name}, role: ${role}, sha256: ${createHash('sha256').update(value).digest('hex')}${services} }`;
  return [
    'tokens:',
    entry('operator', 'admin', ADMIN),
    entry('viewer', 'viewer', 'viewer-token-0123456789'),
    entry('shop', 'agent', shop, ', services: [shop]'),
    entry('bank', 'agent', BANK, ', services: [bank]'),
    '',
  ].join('\n');
}

const scratch = createScratch();
let evaluator: Evaluator;
beforeAll(async () => {
  evaluator = await startEvaluator({
    dataDir: scratch.path('data'),
    tokensFile: scratch.write('tokens.yaml', tokens(SHOP)),
    token: ADMIN,
    args: ['--heartbeat', '1s'],
  });
});
afterAll(async () => {
  await evaluator?.stop();
  scratch.remove();
});

const send = (token: string, service = 'shop'): Promise<Answer> =>
  evaluator.ask('/v1/traces', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: token === '' ? '' : `Bearer ${token}` },
    body: feedRequest(service, 'scorer'),
  });

interface Channel {
  socket: WebSocket;
  /** Types of the messages that came. */
  types: string[];
  closed: Promise<number>;
}
/** Opens the channel as a process of a service; resolves with the HTTP status and code when the upgrade is refused. */
function connect(token: string, service: string): Promise<Channel | { status: number; code: string }> {
  const hello: HelloMessage = {
    type: 'hello',
    protocols: [CHANNEL_PROTOCOL],
    featureLevel: FEATURE_LEVEL,
    instance: 'a',
    incarnation: token,
    sdk: { name: 'test', version: '1' },
    resource: { service, serviceVersion: '', environment: '', host: 'h', pid: 1 },
    capabilities: [],
    callSites: [],
    targets: [],
    allow: { actions: [] },
    have: { revision: '', epoch: 0, directiveSeq: 0 },
  };
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${evaluator.url.replace('http', 'ws')}/v1/channel`, CHANNEL_PROTOCOL, {
      headers: { authorization: `Bearer ${token}` },
    });
    const types: string[] = [];
    const closed = new Promise<number>((done) => socket.once('close', done));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { type: string; nonce: number };
      types.push(message.type);
      if (message.type === 'ping')
        socket.send(JSON.stringify({ type: 'pong', nonce: message.nonce, clock: Date.now() / 1000 }));
    });
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (piece: Buffer) => (body += piece.toString()));
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, code: (JSON.parse(body) as { code: string }).code });
      });
    });
    socket.once('error', reject);
    socket.once('open', () => {
      socket.send(JSON.stringify(hello));
      resolve({ socket, types, closed });
    });
  });
}

describe('tokens', () => {
  it('that are missing, unknown or of a person are refused at OTLP', async () => {
    expect((await send('')).status).toBe(401);
    const wrong = await send('wrong-token-0123456789');
    expect(wrong).toMatchObject({ status: 401, body: { code: 16, message: 'the token is unknown' } });
    expect(wrong.headers.get('www-authenticate')).toBe('Bearer');
    expect(await send('viewer-token-0123456789')).toMatchObject({ status: 403, body: { code: 7 } });
  });

  it('of another service count nothing and are told so by a partial success', async () => {
    expect(await send(BANK)).toMatchObject({
      status: 200,
      body: { partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringContaining('token') } },
    });
    expect(await evaluator.metric('guardspan_ingest_rejected_total{reason="forbidden"}')).toBe(1);
    expect(await evaluator.metric('guardspan_calls_total')).toBe(0);
    expect(await send(SHOP)).toMatchObject({ status: 200, body: {} });
    expect(await evaluator.metric('guardspan_calls_total')).toBe(1);
  });

  it('that are unknown or of a person are refused at the websocket, those of another service closed with 4403', async () => {
    expect(await connect('wrong-token-0123456789', 'shop')).toEqual({ status: 401, code: 'token_unknown' });
    expect(await connect('viewer-token-0123456789', 'shop')).toEqual({ status: 403, code: 'no_agent_token' });
    const other = (await connect(BANK, 'shop')) as Channel;
    expect(await other.closed).toBe(CLOSE.FORBIDDEN);
    expect(other.types).toEqual([]);
    expect((await evaluator.get<{ total: number }>('/api/v1/fleet')).total).toBe(0);
  });

  it('that are wrong leave an app running, and its status says why it is alone', async () => {
    const app = await startApp({
      service: 'shop',
      evaluator: evaluator.url,
      env: { GUARDSPAN_AGENT_TOKEN: 'wrong-token-0123456789' },
    });
    try {
      expect(await app.call()).toEqual(['by scorer']);
      const { connectionError } = await until('the refusal', async () => {
        const status = await app.status();
        return status.connection === 'refused' && status;
      });
      expect(connectionError).toBe('the evaluator answered 401');
      await until('the warning', () => app.errors().includes('[GUARDSPAN_AGENT_REFUSED] GuardspanWarning'));
      expect(app.errors()).toContain('does not take this process (the evaluator answered 401)');
      expect(app.errors()).not.toContain('wrong-token');
    } finally {
      await app.stop();
    }
  });

  it('are rotated without a restart, also for connections that are open', async () => {
    const before = (await connect(SHOP, 'shop')) as Channel;
    await until('the snapshot', () => before.types.includes('snapshot'));
    scratch.write('tokens.yaml', 'tokens: [{ name: broken');
    // A file that cannot be read changes nothing.
    await until(
      'the complaint',
      () => evaluator.errors().includes('neither YAML nor JSON') || send(SHOP).then(() => false),
    );
    expect((await send(SHOP)).status).toBe(200);

    scratch.write('tokens.yaml', tokens(NEW_SHOP));
    // The file is looked at once a second. Trying until it works would run into the limit of failed attempts.
    await sleep(1100);
    expect((await send(NEW_SHOP)).status).toBe(200);
    expect((await send(SHOP)).status).toBe(401);
    expect(await before.closed).toBe(CLOSE.UNAUTHORIZED);
    const after = (await connect(NEW_SHOP, 'shop')) as Channel;
    await until('the snapshot', () => after.types.includes('snapshot'));
    after.socket.close();
  });
});
