import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as undici8 from 'undici';
import * as undici6 from 'undici6';
import { patchFetch } from '../../src/models/http/patch-fetch.js';
import { patchNodeHttp } from '../../src/models/http/patch-node-http.js';
import { patchUndici } from '../../src/models/http/patch-undici.js';
import { useDeclaredServers } from '../../src/models/http/declared-servers.js';
import { GuardrailDeniedError } from '../../src/actions/errors.js';
import { ModelHosts } from '../../src/coverage/model-hosts.js';
import { watchOutbound } from '../../src/coverage/watch-outbound.js';
import { guardrails, install, makeCore } from '../guard/fakes.js';

const PATH = '/v1/chat/completions';
const BODY = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'write to bob@example.net' }] });
const ANSWER = { choices: [{ index: 0, message: { role: 'assistant', content: 'jane@example.com' } }] };
const REDACT = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-addresses }
spec:
  at: request
  uses: { pii: { detector: pii, on: prompt.text } }
  when: 'pii.count > 0'
  action: { redact: { detections: [pii] } }
  mode: enforce
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-addresses-out }
spec:
  at: chunk
  uses: { pii: { detector: pii, on: output.text } }
  when: 'pii.count > 0'
  action: { redact: { detections: [pii] } }
  mode: enforce
`;

interface Got {
  headers: http.IncomingHttpHeaders;
  body: string;
}

describe('requests to a declared server', () => {
  let server: http.Server;
  let url = '';
  let got: Got[] = [];
  let serve: http.RequestListener;
  let reply: (response: http.ServerResponse) => void;
  let { core } = makeCore();
  let undo: (() => void)[] = [];

  beforeAll(async () => {
    server = http.createServer((request, response) => serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    core = makeCore().core;
    got = [];
    serve = (request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        got.push({ headers: request.headers, body });
        reply(response);
      });
    };
    reply = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ANSWER));
    const declared = [{ url: `${url}/*` }];
    useDeclaredServers(declared);
    const host = { runtime: () => core, declare: () => undefined };
    const patches = [patchNodeHttp(declared, host), ...[undici8, undici6].map((each) => patchUndici(each, '', host))];
    undo = [
      ...[...patches, patchFetch(globalThis, declared, host)].map((patch) => () => patch?.undo()),
      watchOutbound(new ModelHosts([]), (name) => core.unguarded('raw_http', name)),
      () => useDeclaredServers([]),
    ];
  });
  afterEach(() => undo.forEach((each) => each()));

  function posted(
    send: (request: http.ClientRequest) => void,
    headers: http.OutgoingHttpHeaders = {},
    path = PATH,
  ): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const request = http.request(`${url}${path}`, { method: 'POST', headers }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () => resolve(Buffer.concat(pieces)));
        response.on('error', reject);
      });
      request.on('error', reject);
      send(request);
    });
  }
  const coverage = (): unknown => {
    const { calls, guarded } = core.counters.coverage();
    return { calls, guarded, gaps: core.counters.gaps().map(({ reason, count }) => `${reason} ${count}`) };
  };

  it('are sent as they were written when nothing is changed', async () => {
    install(core, guardrails(REDACT.replaceAll('pii.count > 0', 'pii.count > 9')));
    await posted((request) => {
      request.write('{"model":"m",');
      request.end('"messages":[]}');
    });
    await posted((request) => request.end('{"model":"m","messages":[]}'));
    expect(got.map(({ headers }) => [headers['transfer-encoding'], headers['content-length']])).toEqual([
      ['chunked', undefined],
      [undefined, '27'],
    ]);
    expect(coverage()).toEqual({ calls: 2, guarded: 2, gaps: [] });
  });

  it('have the length of what is sent when a text was redacted', async () => {
    install(core, guardrails(REDACT));
    for (const headers of [{}, { 'content-length': Buffer.byteLength(BODY) }]) {
      const answer = JSON.parse((await posted((request) => request.end(BODY), headers)).toString()) as typeof ANSWER;
      expect(answer.choices[0]!.message.content).toBe('<email>');
    }
    for (const { headers, body } of got) {
      expect(body).toBe(BODY.replace('bob@example.net', '<email>'));
      expect(headers['content-length']).toBe(String(body.length));
    }
  });

  it('whose length was told before the body cannot be redacted: the guard-rail fails closed', async () => {
    install(core, guardrails(REDACT));
    const late = posted(
      (request) => {
        request.flushHeaders();
        request.end(BODY);
      },
      { 'content-length': Buffer.byteLength(BODY) },
    );
    await expect(late).rejects.toBeInstanceOf(GuardrailDeniedError);
    expect(got).toEqual([]);
    const chunked = await posted((request) => {
      request.flushHeaders();
      request.end(BODY);
    });
    expect(chunked.toString()).toContain('<email>');
    expect(got[0]!.body).toContain('<email>');
  });

  it.each([
    ['gzip', gzipSync, gunzipSync],
    ['unknown', (text: string) => Buffer.from(text), (bytes: Buffer) => bytes],
  ])(
    'are judged through the coding of their answers (%s), and what cannot be read is said to be unread',
    async (coding, encode, decode) => {
      install(core, guardrails(REDACT));
      reply = (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding })
          .end(encode(JSON.stringify(ANSWER)));
      const text = decode(await posted((request) => request.end(BODY))).toString();
      expect(text.includes('jane@example.com')).toBe(coding === 'unknown');
      const { records } = core.decisions.take(10, 1_000_000)!;
      const verdict = records[0]!.verdicts.find(({ guardrail }) => guardrail === 'no-addresses-out');
      expect(verdict?.disposition).toBe(coding === 'unknown' ? 'allow_failopen' : 'enforced');
    },
  );

  it.each(['gzip', ''])('are judged event by event in a stream, whatever its coding (%s)', async (coding) => {
    install(core, guardrails(REDACT));
    const events = ['to ja', 'ne@exam', 'ple.com now', ''].map(
      (content, at) =>
        `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: at === 3 ? 'stop' : null }] })}\n\n`,
    );
    const source = `${events.join('')}data: [DONE]\n\n`;
    reply = (response) => {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        ...(coding ? { 'content-encoding': coding } : {}),
      });
      response.end(coding ? gzipSync(source) : source);
    };
    const streamed = JSON.stringify({ ...(JSON.parse(BODY) as object), stream: true });
    const bytes = await posted((request) => request.end(streamed));
    const text = (coding ? gunzipSync(bytes) : bytes).toString();
    expect(text).not.toContain('ne@exam');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    const said = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, piece]) => piece).join('');
    expect(said).toBe('to <email> now');
  });

  describe.each([
    ['newer', undici8],
    ['older', undici6 as unknown as typeof undici8],
  ])('through undici with handlers of the %s kind', (_kind, undici) => {
    const client = (): undici8.Client => new undici.Client(url);
    const options = { method: 'POST' as const, path: PATH, body: BODY };

    it('are redacted on both ways, whatever the form of the headers', async () => {
      install(core, guardrails(REDACT));
      const length = String(Buffer.byteLength(BODY));
      for (const headers of [{}, { 'Content-Length': length }, ['content-length', length]]) {
        const { statusCode, body } = await client().request({ ...options, headers });
        expect(statusCode).toBe(200);
        expect(await body.text()).toContain('<email>');
      }
      for (const { headers, body } of got) {
        expect(body).toBe(BODY.replace('bob@example.net', '<email>'));
        expect(headers['content-length']).toBe(String(body.length));
      }
      expect(coverage()).toEqual({ calls: 3, guarded: 3, gaps: [] });
    });

    it('reject before anything is sent when they are refused', async () => {
      install(core, guardrails(REDACT.replaceAll('redact: { detections: [pii] }', 'deny: {}')));
      await expect(client().request(options)).rejects.toBeInstanceOf(GuardrailDeniedError);
      expect(got).toEqual([]);
    });

    it('fail while they are read when the answer is refused', async () => {
      const [, atAnswer] = REDACT.split('---');
      install(core, guardrails(atAnswer!.replace('redact: { detections: [pii] }', 'deny: {}')));
      const { body } = await client().request(options);
      await expect(body.text()).rejects.toBeInstanceOf(GuardrailDeniedError);
    });

    it('end as without us when the application has had enough, and when the server breaks off', async () => {
      install(core, guardrails(REDACT));
      const piece = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'hello ' } }] })}\n\n`;
      const streamed = { ...options, body: JSON.stringify({ ...(JSON.parse(BODY) as object), stream: true }) };
      reply = (response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(piece);
      const left = await client().request(streamed);
      for await (const read of left.body) {
        expect(String(read)).toContain('hello');
        break;
      }
      reply = (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(piece);
        setTimeout(() => response.destroy(), 20);
      };
      const cut = await client().request(streamed);
      await expect(cut.body.text()).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
      expect(coverage()).toEqual({ calls: 2, guarded: 2, gaps: [] });
      expect(core.failures).toBe(0);
    });
  });

  it.each(['fetch', 'undici', 'http'])(
    'to Triton through %s are redacted in both directions, whole and streamed',
    async (by) => {
      install(core, guardrails(REDACT));
      const ask = async (path: string): Promise<string> => {
        const body = JSON.stringify({ text_input: 'write to bob@example.net', parameters: { max_tokens: 9 } });
        const headers = { 'content-type': 'application/json' };
        if (by === 'fetch') return (await fetch(`${url}${path}`, { method: 'POST', headers, body })).text();
        if (by === 'undici')
          return (await undici8.request(`${url}${path}`, { method: 'POST', headers, body })).body.text();
        return (await posted((request) => request.end(body), headers, path)).toString();
      };
      const said = { model_name: 'llama', model_version: '1' };
      reply = (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ ...said, text_output: 'ask jane@example.com' }));
      expect(JSON.parse(await ask('/v2/models/llama/generate'))).toEqual({ ...said, text_output: 'ask <email>' });
      expect(JSON.parse(got[0]!.body)).toMatchObject({ text_input: 'write to <email>', parameters: { max_tokens: 9 } });

      reply = (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const character of 'ask jane@example.com now')
          response.write(`data: ${JSON.stringify({ ...said, text_output: character })}\n\n`);
        response.end();
      };
      const streamed = await ask('/v2/models/llama/versions/1/generate_stream');
      const events = streamed.split('\n\n').filter((event) => event !== '');
      const texts = events.map((event) => (JSON.parse(event.slice(6)) as { text_output: string }).text_output);
      expect(texts.join('')).toBe('ask <email> now');
      expect(coverage()).toEqual({ calls: 2, guarded: 2, gaps: [] });
    },
  );

  it('that cannot be read or held back pass, and are counted once by their reason', async () => {
    install(core, guardrails(REDACT));
    await posted((request) => request.end('no JSON'));
    await posted((request) => {
      for (let piece = 0; piece < 5; piece++) request.write('x'.repeat(1_000_000));
      request.end();
    });
    await undici8.request(`${url}${PATH}`, { method: 'POST', body: gzipSync(BODY) });
    expect(got.map(({ body }) => body.length)).toEqual([7, 5_000_000, expect.any(Number)]);
    expect(coverage()).toEqual({ calls: 3, guarded: 0, gaps: ['unreadable 3'] });
  });

  it('are let go when the server answers before their end', async () => {
    install(core, guardrails(REDACT));
    serve = (request, response) => {
      request.resume();
      response.end('early');
    };
    const answered = await posted((request) => {
      request.write('{"model":');
      request.once('response', () => request.end('"m"}'));
    });
    expect(answered.toString()).toBe('early');
    expect(coverage()).toEqual({ calls: 1, guarded: 0, gaps: ['unreadable 1'] });
  });

  it('are let go when they wait for their answer before their end', async () => {
    install(core, guardrails(REDACT));
    let began = 0;
    serve = (request, response) => {
      began = performance.now();
      request.once('data', () => response.end('at last'));
    };
    const answered = await posted((request) => {
      request.write('{"model":');
      request.once('response', () => request.end('"m"}'));
    });
    expect(answered.toString()).toBe('at last');
    // The head went long before the piece: a server takes a connection on which nothing begins for idle.
    expect(performance.now() - began).toBeGreaterThan(2_000);
    expect(coverage()).toEqual({ calls: 1, guarded: 0, gaps: ['unreadable 1'] });
  });

  it('come through on a connection that the server closes when it is idle, though their body takes longer than that', async () => {
    install(core, guardrails(REDACT));
    const IDLE = 700;
    const whole = serve;
    serve = (request, response) => {
      const { socket } = request;
      response.once('finish', () => {
        const read = socket.bytesRead;
        setTimeout(() => socket.bytesRead === read && socket.destroy(), IDLE).unref();
      });
      whole(request, response);
    };
    // A server that does not say when it closes.
    const { keepAliveTimeout } = server;
    server.keepAliveTimeout = 0;
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (send: (request: http.ClientRequest) => void): Promise<boolean> =>
      new Promise((resolve, reject) => {
        const request = http.request(`${url}${PATH}`, { method: 'POST', agent }, (response) => {
          response.resume();
          response.on('end', () => resolve(request.reusedSocket));
        });
        request.on('error', reject);
        send(request);
      });
    try {
      expect(await ask((request) => request.end(BODY))).toBe(false);
      const reused = await ask((request) => {
        request.write(BODY.slice(0, 9));
        setTimeout(() => request.end(BODY.slice(9)), 2 * IDLE);
      });
      expect(reused).toBe(true);
      expect(got.map(({ body }) => body)).toEqual(Array(2).fill(BODY.replace('bob@example.net', '<email>')));
      expect(coverage()).toEqual({ calls: 2, guarded: 2, gaps: [] });
    } finally {
      agent.destroy();
      server.keepAliveTimeout = keepAliveTimeout;
    }
  });

  it('are no calls when they are given up while they are held back', async () => {
    install(core, guardrails(REDACT));
    const request = http.request(`${url}${PATH}`, { method: 'POST' });
    const closed = new Promise((resolve) => request.once('close', resolve));
    request.on('error', () => undefined);
    request.write('{"model":');
    request.destroy();
    await closed;
    await new Promise((resolve) => setTimeout(resolve, 5_600));
    expect(coverage()).toMatchObject({ gaps: [] });
  });
});
