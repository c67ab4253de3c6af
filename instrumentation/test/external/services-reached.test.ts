import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { BoundedService } from '../../src/external/bounded-service.js';
import { judgeDetector } from '../../src/external/judge-detector.js';
import { presidioDetector } from '../../src/external/presidio-detector.js';
import type { ExternalDetector } from '../../src/external/types.js';
import { systemClock } from '../../src/guard/clock.js';
import { createServerEngine } from '../../src/rego/server-engine.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const QUESTION = { parts: [{ path: 'p', role: 'user', text: 'the prompt' }], entities: [], minScore: 0.5 };
const ask = async (detector: ExternalDetector): Promise<string> => {
  const answer = await new BoundedService(detector.name, systemClock).ask(
    (signal) => detector.detect(QUESTION, signal),
    5,
  );
  return answer.ok ? 'answered' : answer.message;
};
const DETECTORS: [string, (url: string) => ExternalDetector][] = [
  ['presidio', (url) => presidioDetector({ name: 'outside', url, headers: { authorization: 'Bearer s3cret' } })],
  [
    'judge',
    (url) => judgeDetector({ name: 'outside', url, model: 'm', categories: { bad: 'is bad' }, apiKey: 's3cret' }),
  ],
];
const engine = async (url: string): Promise<unknown> => {
  const made = createServerEngine('outside', { url, token: 's3cret' }, systemClock);
  try {
    return await made.ask('p', { point: 'request', call: {}, detectors: {} }, 5);
  } finally {
    made.close();
  }
};

describe('a service that is asked about a text', () => {
  it.each([301, 302, 303, 307, 308])('gets it alone: a redirect (%i) is not followed', async (status) => {
    let elsewhere = 0;
    const other = await listen((_, response) => {
      elsewhere++;
      response.setHeader('content-type', 'application/json');
      response.end('{"result": {"deny": []}}');
    });
    const url = await listen(
      (request, response) => void response.writeHead(status, { location: `${other}${request.url}` }).end(),
    );
    for (const [, make] of DETECTORS)
      expect(await ask(make(url))).toBe(
        `outside could not answer: it sends requests on to another address (${status})`,
      );
    expect(await engine(url)).toMatchObject({ failure: 'detector_error' });
    expect(elsewhere).toBe(0);
  });

  it('is read up to a mebibyte', async () => {
    let sent = 0;
    const url = await listen((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && sent < 1 << 28) {
          sent += 1 << 16;
          if (!response.write(' '.repeat(1 << 16))) return void response.once('drain', more);
        }
      };
      more();
    });
    for (const [, make] of DETECTORS)
      expect(await ask(make(url))).toBe('outside could not answer: its answer is larger than 1048576 bytes');
    expect(await engine(url)).toMatchObject({ failure: 'detector_error' });
    expect(sent).toBeLessThan(1 << 26);
  });

  it.each([
    ['file:///etc/passwd', 'its address is no http or https address'],
    ['ftp://127.0.0.1', 'its address is no http or https address'],
    ['data:application/json,[]', 'its address is no http or https address'],
    ['nowhere', 'its address is no http or https address'],
    ['http://ada:pa55word@127.0.0.1:1', 'its address holds a name or a password'],
  ])('is not asked at %s', async (url, why) => {
    for (const [, make] of DETECTORS) expect(await ask(make(url))).toBe(`outside could not answer: ${why}`);
  });

  it.each(['file:///etc/passwd', 'http://ada:pa55word@127.0.0.1:1'])('is no OPA server at %s', (url) => {
    expect(() => createServerEngine('outside', { url }, systemClock)).toThrow(
      expect.objectContaining({
        code: 'GUARDSPAN_REGO_CONFIG',
        message: expect.not.stringContaining('pa55word') as string,
      }) as Error,
    );
  });
});
