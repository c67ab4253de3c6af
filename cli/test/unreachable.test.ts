import { createServer as createHttpServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { HTTP_API } from '@guardspan/policy';
import { afterEach, describe, expect, it } from 'vitest';
import { guardspan } from './support/run-cli.js';

let close: () => Promise<void> = () => Promise.resolve();
afterEach(() => close());

async function listen(server: Server | NetServer): Promise<string> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => open.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const serve = (answer: RequestListener): Promise<string> => listen(createHttpServer(answer));
const EVALUATOR = { [HTTP_API.HEADER]: HTTP_API.VERSION };

/** Commands that ask an evaluator, one of each kind. */
const ASKING = [
  ['get', 'guardrails'],
  ['verdicts', 'pending'],
  ['webhooks', 'list'],
  ['audit', 'verify'],
  ['audit', 'export'],
];

describe('what answers at the address of the evaluator', () => {
  it.each(ASKING)('is named by %s %s when it is a page of something else', async (...argv) => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>It works!</html>');
    });
    expect(await guardspan([...argv, '--server', url])).toEqual({
      code: 3,
      out: '',
      err:
        `error GUARDSPAN_UNREACHABLE ${url} is no evaluator: what answers there (HTTP 200, text/html) does not say that it is one\n` +
        '  give the address of the evaluator with --server; a proxy before it must let its headers pass\n',
    });
  });

  it('is named when it is the error page of a proxy, or JSON of another service', async () => {
    const page = await serve((_, response) => void response.writeHead(502).end('<html>Bad Gateway</html>'));
    expect((await guardspan(['get', 'packs', '--server', page])).err).toContain('(HTTP 502, no content type)');
    await close();
    const other = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    });
    expect(await guardspan(['get', 'packs', '--server', other])).toMatchObject({
      code: 3,
      err: expect.stringContaining('is no evaluator') as string,
    });
  });

  it('is named when it is an evaluator of another version', async () => {
    const url = await serve((_, response) => void response.writeHead(200, { [HTTP_API.HEADER]: 'v7' }).end('{}'));
    expect(await guardspan(['get', 'packs', '--server', url])).toEqual({
      code: 1,
      out: '',
      err:
        `error GUARDSPAN_API_VERSION ${url} is an evaluator of another version: it speaks API v7, this command v1\n` +
        "  use the command of the evaluator's release\n",
    });
  });

  it.each(
    [
      ...ASKING,
      ['get', 'guardrails', 'x'],
      ['get', 'proposals'],
      ['explain', '--verdict', 'x'],
      ['delete', 'guardrails', 'x'],
      ['webhooks', 'replay'],
      ['baseline', 'propose', 'x'],
      ['baseline', 'approve', 'x'],
      ['proposals', 'approve', 'x', '--revision', '1234567'],
    ].filter(([command, what]) => command !== 'audit' || what === 'export'),
  )('is not believed by %s %s when what it says is no answer of the API', async (...argv) => {
    for (const text of ['<<<', '', 'null', '{}', '[]', '{"items":[1]}', '{"pending":3}']) {
      const url = await serve((_, response) => {
        response.writeHead(200, { ...EVALUATOR, 'content-type': 'application/json' }).end(text);
      });
      const { code, out, err } = await guardspan([...argv, '--server', url]);
      expect([code, out], text).toEqual([1, '']);
      expect(err, text).toContain(`error GUARDSPAN_API_ANSWER the answer of ${url} is none of the API: `);
      await close();
    }
  });

  it('is given up when it hangs before its answer, and in the middle of it', async () => {
    const silent = await serve(() => undefined);
    expect(await guardspan(['get', 'packs', '--server', silent], { patience: 0.2 })).toMatchObject({
      code: 3,
      err: expect.stringContaining(`${silent} cannot be reached: nothing came from it for 0.2 s\n`) as string,
    });
    await close();
    const stuck = await serve((request, response) => {
      const type = request.url!.includes('export') ? 'application/jsonl' : 'application/json';
      response.writeHead(200, { ...EVALUATOR, 'content-type': type }).write('{"items":');
    });
    for (const argv of [
      ['get', 'packs'],
      ['audit', 'export'],
    ])
      expect(await guardspan([...argv, '--server', stuck], { patience: 0.2 })).toMatchObject({
        code: 3,
        err: expect.stringContaining(
          `the answer of ${stuck} is incomplete: nothing came from it for 0.2 s\n`,
        ) as string,
      });
  });

  it('is named when it breaks off, and when it does not speak HTTP or is a port of something else', async () => {
    const broken = await serve((_, response) => {
      response.writeHead(200, { ...EVALUATOR, 'content-length': '100' }).write('{');
      setTimeout(() => response.destroy(), 20);
    });
    expect((await guardspan(['get', 'packs', '--server', broken])).err).toContain(
      'is incomplete: the connection was broken off',
    );
    await close();
    const other = await listen(createServer((socket) => void socket.end('220 mail.example ESMTP\r\n')));
    const answer = await guardspan(['get', 'packs', '--server', other]);
    expect(answer.code).toBe(3);
    expect(answer.err).toMatch(/cannot be reached: what listens there does not speak HTTP\n/);
    expect((await guardspan(['get', 'packs', '--server', 'http://127.0.0.1:6000'])).err).toContain(
      'cannot be reached: requests to this port are refused, because other protocols own it\n',
    );
    expect((await guardspan(['get', 'packs', '--server', other.replace('http:', 'https:')])).err).toMatch(
      /cannot be reached: (?!fetch failed)/,
    );
  });

  it('is named with the host that does not exist', async () => {
    const { code, err } = await guardspan(['get', 'packs', '--server', 'http://no-such-host.invalid']);
    expect(code).toBe(3);
    expect(err).toMatch(
      /cannot be reached: (?:there is no host of that name|the name of the host cannot be looked up now) \(E/,
    );
  });
});
