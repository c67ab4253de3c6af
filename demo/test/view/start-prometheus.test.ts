import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startPrometheus } from '../../src/view/start-prometheus.js';

const PROGRAMS = process.env['GUARDSPAN_PROMETHEUS_DIR'];
const directory = mkdtempSync(join(tmpdir(), 'guardspan-demo-test-'));
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(directory, { recursive: true, force: true });
});

describe('Prometheus of the demonstration', () => {
  it.skipIf(PROGRAMS === undefined)('scrapes the evaluator with a token, and ends with its process', async () => {
    const server = createServer((request, response) => {
      const known = request.headers.authorization === 'Bearer a token of the test' && request.url === '/metrics';
      response.writeHead(known ? 200 : 401, { 'content-type': 'text/plain; version=0.0.4' }).end('seen 4711\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const evaluatorUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const options = { programs: PROGRAMS!, directory, evaluatorUrl, token: 'a token of the test' };
    const prometheus = await startPrometheus(options);
    closing.push(prometheus.stop);
    await expect
      .poll(async () => (await fetch(`${prometheus.url}/api/v1/query?query=seen`)).json(), {
        timeout: 20_000,
        interval: 250,
      })
      .toMatchObject({ data: { result: [{ value: [expect.any(Number), '4711'] }] } });
    await prometheus.stop();
    expect(prometheus.process.exitCode ?? prometheus.process.signalCode).not.toBeNull();
  });

  it('says which program it could not start', async () => {
    const programs = join(directory, 'nowhere');
    const options = { programs, directory: mkdtempSync(join(tmpdir(), 'guardspan-demo-test-')), token: 'x' };
    closing.push(() => rmSync(options.directory, { recursive: true, force: true }));
    await expect(startPrometheus({ ...options, evaluatorUrl: 'http://127.0.0.1:1' })).rejects.toThrow(
      `${programs}/prometheus ENOENT`,
    );
  });
});
