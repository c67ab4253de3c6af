import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feedResource } from '../../src/feed/feed-record.js';
import type { FeedRecord } from '../../src/feed/feed-record.js';
import { otlpSender } from '../../src/feed/otlp-sender.js';

const CONTEXT = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
const RECORD: FeedRecord = {
  name: 'call',
  kind: 2,
  spanContext: () => CONTEXT,
  parentSpanContext: undefined,
  startTime: [1, 0],
  endTime: [2, 0],
  duration: [1, 0],
  ended: true,
  status: { code: 0 },
  attributes: {},
  links: [],
  events: [],
  resource: feedResource({ 'service.name': 'shop' }),
  instrumentationScope: { name: 'test', version: '1' },
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
};

let server: Server;
let url: string;
let requests: number;
let status: number;

beforeEach(async () => {
  requests = 0;
  server = createServer((request, response) => {
    requests++;
    request.resume();
    if (status !== 0) response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('an export of the feed', () => {
  for (const [answer, outcome] of [
    [200, 'ok'],
    [400, 'refused'],
    [401, 'retry'],
    [403, 'retry'],
    [429, 'retry'],
    [503, 'retry'],
    [0, 'retry'],
  ] as const) {
    it(`that ${answer === 0 ? 'nobody answers' : `is answered ${answer}`} is made once, and is ${outcome}`, async () => {
      status = answer;
      const sender = otlpSender(url, () => '');
      expect(await sender.send([RECORD])).toBe(outcome);
      expect(requests).toBe(1);
      await sender.close();
    });
  }

  it('that does not arrive is told with the address, and without what in it may be a secret', async () => {
    const said: string[] = [];
    const say = (...parts: unknown[]): void => void said.push(parts.join(' '));
    diag.setLogger({ error: say, warn: say, info: say, debug: say, verbose: say }, { logLevel: DiagLogLevel.WARN });
    const sender = otlpSender('http://ada:s3cret@127.0.0.1:9/otlp?token=s3cret', () => 's3cret');
    try {
      expect(await sender.send([RECORD])).toBe('retry');
      expect(said.join('\n')).toContain('the guard feed does not reach http://127.0.0.1:9/otlp: ');
      expect(said.join('\n')).not.toContain('s3cret');
    } finally {
      diag.disable();
      await sender.close();
    }
  });

  it('whose receiver is not there is over at once, and leaves no timer behind', async () => {
    const sender = otlpSender('http://127.0.0.1:9', () => '');
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    expect(await sender.send([RECORD])).toBe('retry');
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBeLessThanOrEqual(before);
    await sender.close();
  });
});
