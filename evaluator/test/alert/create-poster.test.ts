import { createServer as createHttps } from 'node:https';
import { createServer as createHttp, type IncomingMessage, type Server } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { createPoster } from '../../src/alert/create-poster.js';
import type { PosterOptions } from '../../src/alert/create-poster.js';

/** Made for these tests by openssl: an authority, and certificates of a server on loopback and of a client; valid for a hundred years. */
const tls = (name: string): string => fileURLToPath(new URL(`tls/${name}`, import.meta.url));
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function poster(url: string, options: Partial<PosterOptions> = {}) {
  const made = createPoster({
    ...{
      url,
      user: '',
      passwordFile: '',
      tokenFile: '',
      caFile: '',
      certFile: '',
      keyFile: '',
      headers: {},
      timeout: 1,
    },
    ...options,
  });
  closers.push(() => made.close());
  return made.post;
}

/** A server that keeps the headers that it gets. */
function recorder(status = 200): { server: Server; headers: IncomingMessage['headers'][] } {
  const headers: IncomingMessage['headers'][] = [];
  const server = createHttp((request, response) => {
    headers.push(request.headers);
    response.writeHead(status).end('x'.repeat(100_000));
  });
  return { server, headers };
}

function secret(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-secret-'));
  closers.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secret');
  writeFileSync(path, `${text}\n`);
  return path;
}

it('shows a user, a token and a tenant as they are asked for, and reads a secret again when it changed', async () => {
  const { server, headers } = recorder();
  const url = `http://${await listen(server)}/api/v2/alerts`;
  await poster(url, { user: 'me', passwordFile: secret('pass'), headers: { 'x-scope-orgid': 'team-a' } })('[]');
  expect(headers[0]).toMatchObject({
    authorization: `Basic ${Buffer.from('me:pass').toString('base64')}`,
    'x-scope-orgid': 'team-a',
    'content-type': 'application/json',
  });
  const tokenFile = secret('first');
  const post = poster(url, { tokenFile });
  await post('[]');
  writeFileSync(tokenFile, 'second');
  await post('[]');
  expect(headers.slice(1).map(({ authorization }) => authorization)).toEqual(['Bearer first', 'Bearer second']);
});

it('resolves to the status, however long the answer', async () => {
  expect(await poster(`http://${await listen(recorder(503).server)}/`)('[]')).toBe(503);
});

it('sends a message to its receiver alone: a redirect is an answer that takes nothing', async () => {
  const { server, headers } = recorder();
  const elsewhere = `http://${await listen(server)}/`;
  const first = createHttp((_, response) => void response.writeHead(307, { location: elsewhere }).end());
  const post = poster(`http://${await listen(first)}/`, { tokenFile: secret('s3cret') });
  expect(await post('[]')).toBe(307);
  expect(headers).toEqual([]);
});

it('says in a plain sentence that nobody answers', async () => {
  const silent = createHttp(() => undefined);
  await expect(poster(`http://${await listen(silent)}/`, { timeout: 0.1 })('[]')).rejects.toThrow(
    'it did not answer within 0.1 s',
  );
  await expect(poster('http://127.0.0.1:1/')('[]')).rejects.toThrow('it cannot be reached (ECONNREFUSED)');
});

it('shows a client certificate, and trusts only the authority that it is given', async () => {
  const seen: string[] = [];
  const server = createHttps(
    {
      ...{ cert: readFileSync(tls('server.pem')), key: readFileSync(tls('server.key')) },
      ...{ ca: readFileSync(tls('ca.pem')), requestCert: true, rejectUnauthorized: true },
    },
    (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      seen.push(String(subject.CN));
      response.end();
    },
  );
  const url = `https://${await listen(server as unknown as Server)}/`;
  const certFile = secret(readFileSync(tls('client.pem'), 'utf8'));
  const files = { caFile: tls('ca.pem'), certFile, keyFile: tls('client.key') };
  const post = poster(url, files);
  expect(await post('[]')).toBe(200);
  // Rotated: the files are read again.
  utimesSync(certFile, new Date(), new Date(Date.now() + 5000));
  expect(await post('[]')).toBe(200);
  expect(seen).toEqual(['client', 'client']);
  await expect(poster(url, { caFile: tls('ca.pem') })('[]')).rejects.toThrow();
  await expect(poster(url, { ...files, caFile: '' })('[]')).rejects.toThrow(/it cannot be reached/);
});

it('rejects when a file of a secret is gone', async () => {
  await expect(poster('http://127.0.0.1:1/', { tokenFile: '/nowhere/token' })('[]')).rejects.toThrow('ENOENT');
});
