import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { otlpSender } from '../../src/feed/otlp-sender.js';

const named = (...records: string[]): Buffer => Buffer.from(JSON.stringify({ records }));

let server: Server;
let url: string;
let requests: { headers: IncomingHttpHeaders; body: Buffer }[];
let status: number;
let answer: string;

beforeEach(async () => {
  requests = [];
  answer = '{}';
  status = 200;
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      requests.push({ headers: request.headers, body: Buffer.concat(pieces) });
      if (status !== 0) response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

describe('an export of the feed', () => {
  it('under way ends when the sender is closed', async () => {
    status = 0;
    const sender = otlpSender(url, () => '');
    const from = performance.now();
    const sent = sender.send(named('a'));
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    sender.close();
    expect(await sent).toBe('retry');
    // Well before its own deadline.
    expect(performance.now() - from).toBeLessThan(700);
  });

  for (const [code, outcome] of [
    [200, 'ok'],
    [400, 'refused'],
    [401, 'retry'],
    [403, 'retry'],
    [429, 'retry'],
    [503, 'retry'],
    [0, 'retry'],
  ] as const) {
    it(`that ${code === 0 ? 'nobody answers' : `is answered ${code}`} is made once, and is ${outcome}`, async () => {
      status = code;
      const sender = otlpSender(url, () => '');
      expect(await sender.send(named('a', 'b'))).toBe(outcome);
      expect(requests.map(({ body }) => body.toString())).toEqual(['{"records":["a","b"]}']);
      sender.close();
    });
  }

  it('bears the token of now, and the headers that the variables of OpenTelemetry ask for', async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-tenant=all,X-Team=a%20b,broken,=1,bad=%E0%A4%A');
    vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'x-tenant=traces;p=1');
    const tokens = ['one', 'two', ''];
    const sender = otlpSender(`${url}/`, () => tokens.shift()!);
    for (let i = 0; i < 3; i++) expect(await sender.send(named('a'))).toBe('ok');
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer one', 'Bearer two', undefined]);
    expect(requests[0]!.headers).toMatchObject({
      'x-tenant': 'traces',
      'x-team': 'a b',
      'content-type': 'application/json',
    });
    expect(requests[0]!.headers).not.toHaveProperty('bad');
    sender.close();
  });

  it('is compressed when the variables of OpenTelemetry say so', async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_COMPRESSION', 'gzip');
    const sender = otlpSender(url, () => '');
    expect(await sender.send(named('ü'))).toBe('ok');
    expect(requests[0]!.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(requests[0]!.body).toString()).toBe('{"records":["ü"]}');
    sender.close();
  });

  const told = async (run: () => Promise<unknown>): Promise<string> => {
    const said: string[] = [];
    const say = (...parts: unknown[]): void => void said.push(parts.join(' '));
    diag.setLogger({ error: say, warn: say, info: say, debug: say, verbose: say }, { logLevel: DiagLogLevel.WARN });
    try {
      await run();
    } finally {
      diag.disable();
    }
    return said.join('\n');
  };

  it('of which a part is refused is told once, with the reason', async () => {
    answer = '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"no room"}}';
    const sender = otlpSender(url, () => '');
    const send = async (): Promise<unknown> => expect(await sender.send(named('a', 'b'))).toBe('ok');
    expect(await told(send)).toContain('2 records were refused: no room');
    expect(await told(send)).toBe('');
    sender.close();
  });

  it('goes over TLS with the certificates that the variables of OpenTelemetry name', async () => {
    const file = (name: string): string =>
      fileURLToPath(new URL(`../../../evaluator/test/alert/tls/${name}`, import.meta.url));
    const read = (name: string): Buffer => readFileSync(file(name));
    const asked: string[] = [];
    const https = createHttps(
      { cert: read('server.pem'), key: read('server.key'), ca: read('ca.pem'), requestCert: true },
      (request, response) => {
        asked.push(request.url ?? '');
        request.resume().on('end', () => response.end('{}'));
      },
    );
    await new Promise<void>((listening) => https.listen(0, '127.0.0.1', listening));
    const address = `https://127.0.0.1:${(https.address() as AddressInfo).port}/otlp/v1/traces`;
    const send = async (): Promise<unknown> => {
      const sender = otlpSender(address, () => '');
      const outcome = await sender.send(named('a'));
      sender.close();
      return outcome;
    };
    expect(await send()).toBe('retry');
    vi.stubEnv('OTEL_EXPORTER_OTLP_CERTIFICATE', file('ca.pem'));
    expect(await send()).toBe('retry');
    vi.stubEnv('OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE', file('client.pem'));
    vi.stubEnv('OTEL_EXPORTER_OTLP_CLIENT_KEY', file('client.key'));
    expect(await send()).toBe('ok');
    expect(asked).toEqual(['/otlp/v1/traces']);
    https.close();
  });

  it('goes on without a certificate that cannot be read, and says which', async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE', 'not-there.pem');
    const sender = otlpSender(url, () => '');
    const said = await told(async () => expect(await sender.send(named('a'))).toBe('ok'));
    expect(said).toContain('OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE cannot be read: ');
    expect(said).toContain('not-there.pem');
    sender.close();
  });

  it('that does not arrive is told with the address, and without what in it may be a secret', async () => {
    const sender = otlpSender('http://ada:s3cret@127.0.0.1:9/otlp?token=s3cret', () => 's3cret');
    const said = await told(async () => expect(await sender.send(named('a'))).toBe('retry'));
    expect(said).toContain('the guard feed does not reach http://127.0.0.1:9/otlp: ');
    expect(said).not.toContain('s3cret');
    sender.close();
  });

  it('whose receiver is not there is over at once, and leaves no timer behind', async () => {
    const sender = otlpSender('http://127.0.0.1:9', () => '');
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    expect(await sender.send(named('a'))).toBe('retry');
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBeLessThanOrEqual(before);
    sender.close();
  });
});
