import { createServer, request as httpRequest } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { RecordedCall } from '@guardspan/policy';
import { afterEach, describe, expect, it } from 'vitest';
import type { AuthResult, Principal } from '../../src/auth/types.js';
import { createOtlpHttpHandler } from '../../src/ingest/http/create-otlp-http-handler.js';

const ADMIN: Principal = { name: 'local', role: 'admin', services: [], models: [] };
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

function spans(service: string, count: number): object {
  const attribute = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  return {
    resource: { attributes: [attribute('service.name', service), attribute('guardspan.feed', '1')] },
    scopeSpans: [
      {
        spans: Array.from({ length: count }, (_, index) => ({
          traceId: 'a'.repeat(32),
          spanId: (index + 1).toString(16).padStart(16, '0'),
          startTimeUnixNano: '1000000000',
          endTimeUnixNano: '1250000000',
          attributes: [attribute('guardspan.model.name', 'm')],
        })),
      },
    ],
  };
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

async function start(
  options: {
    principal?: Principal;
    refuse?: Extract<AuthResult, { ok: false }>;
    durable?: () => Promise<void>;
    maxBytes?: number;
  } = {},
): Promise<{
  calls: RecordedCall[];
  rejected: string[];
  send: (
    path: string,
    init?: { method?: string; headers?: Record<string, string>; body?: Buffer | string },
  ) => Promise<Answer>;
}> {
  const calls: RecordedCall[] = [];
  const rejected: string[] = [];
  const handler = createOtlpHttpHandler({
    sink: { accept: (batch) => void calls.push(...batch), durable: options.durable ?? (() => Promise.resolve()) },
    authenticate: () => options.refuse ?? { ok: true, principal: options.principal ?? ADMIN },
    maxBytes: options.maxBytes ?? 100_000,
    now: () => 2,
    onSpans: () => undefined,
    onRejected: (reason, count) => void rejected.push(`${reason} ${count}`),
  });
  server = createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const send = (
    path: string,
    init: { method?: string; headers?: Record<string, string>; body?: Buffer | string } = {},
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(
        {
          port,
          host: '127.0.0.1',
          path,
          method: init.method ?? 'POST',
          headers: init.headers ?? { 'content-type': 'application/json' },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
          );
        },
      );
      request.on('error', reject);
      request.end(init.body);
    });
  return { calls, rejected, send };
}

const json = (...resourceSpans: object[]): string => JSON.stringify({ resourceSpans });

describe('OTLP/HTTP', () => {
  it('counts JSON and answers an empty response in JSON', async () => {
    const { calls, send } = await start();
    const answer = await send('/v1/traces', { body: json(spans('shop', 2)) });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.body.toString()).toBe('{}');
    expect(calls.map(({ call }) => [call.service, call.model.name, call.duration])).toEqual([
      ['shop', 'm', 0.25],
      ['shop', 'm', 0.25],
    ]);
  });

  it('inflates gzip', async () => {
    const { calls, send } = await start();
    const answer = await send('/v1/traces', {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: gzipSync(json(spans('shop', 1))),
    });
    expect(answer.status).toBe(200);
    expect(calls).toHaveLength(1);
  });

  it('answers an empty protobuf request with an empty protobuf response', async () => {
    const { send } = await start();
    const answer = await send('/v1/traces', {
      headers: { 'content-type': 'application/x-protobuf' },
      body: Buffer.alloc(0),
    });
    expect([answer.status, answer.headers['content-type'], answer.body.length]).toEqual([
      200,
      'application/x-protobuf',
      0,
    ]);
  });

  it('answers only when the calls are durable, and 503 with Retry-After when they cannot be', async () => {
    const { send, rejected } = await start({ durable: () => Promise.reject(new Error('disk full')) });
    const answer = await send('/v1/traces', { body: json(spans('shop', 3)) });
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 14 });
    expect(rejected).toEqual(['unavailable 3']);
  });

  it('rejects spans of a service that the token may not speak for, as a partial success', async () => {
    const { calls, send } = await start({
      principal: { name: 'agent', role: 'agent', services: ['shop'], models: [] },
    });
    const answer = await send('/v1/traces', { body: json(spans('shop', 1), spans('bank', 2)) });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ partialSuccess: { rejectedSpans: '2' } });
    expect(calls.map(({ call }) => call.service)).toEqual(['shop']);
  });

  it.each([
    ['broken JSON', { body: '{' }, 400],
    [
      'broken gzip',
      { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' }, body: 'no gzip' },
      400,
    ],
    [
      'a truncated protobuf',
      { headers: { 'content-type': 'application/x-protobuf' }, body: Buffer.from([10, 200]) },
      400,
    ],
    ['another media type', { headers: { 'content-type': 'text/plain' }, body: 'x' }, 415],
    ['another encoding', { headers: { 'content-type': 'application/json', 'content-encoding': 'br' }, body: 'x' }, 415],
    ['another method', { method: 'PUT', body: '{}' }, 405],
  ])('refuses %s without a retry', async (_what, init, status) => {
    const { calls, send } = await start();
    const answer = await send('/v1/traces', init);
    expect(answer.status).toBe(status);
    expect(answer.headers['retry-after']).toBeUndefined();
    expect(calls).toEqual([]);
  });

  it('counts nothing of a request that is malformed after some good spans', async () => {
    const { calls, send } = await start();
    const broken = { ...spans('shop', 1), scopeSpans: 'none' };
    expect((await send('/v1/traces', { body: json(spans('shop', 2), broken) })).status).toBe(400);
    expect(calls).toEqual([]);
  });

  it('refuses bodies over the limit, sent plainly or inflated', async () => {
    const { send, rejected } = await start({ maxBytes: 1000 });
    const large = json(spans('shop', 50));
    expect((await send('/v1/traces', { body: large })).status).toBe(413);
    expect(
      (
        await send('/v1/traces', {
          headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
          body: gzipSync(large),
        })
      ).status,
    ).toBe(413);
    expect(rejected).toEqual(['too_large 1', 'too_large 1']);
  });

  it('refuses callers without a valid token: 401, and 429 after too many attempts', async () => {
    const { send } = await start({ refuse: { ok: false, reason: 'unknown', retryAfter: 0 } });
    const answer = await send('/v1/traces', { body: '{}' });
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    server!.close();
    const throttled = await start({ refuse: { ok: false, reason: 'throttled', retryAfter: 7 } });
    const later = await throttled.send('/v1/traces', { body: '{}' });
    expect([later.status, later.headers['retry-after']]).toEqual([429, '7']);
  });

  it('refuses people: a viewer is no agent', async () => {
    const { send } = await start({ principal: { name: 'ada', role: 'viewer', services: [], models: [] } });
    expect((await send('/v1/traces', { body: '{}' })).status).toBe(403);
  });

  it.each(['/v1/metrics', '/v1/logs'])('says at %s which signal is taken', async (path) => {
    const { send } = await start();
    const answer = await send(path, { body: '{}' });
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).toContain('/v1/traces');
  });
});
