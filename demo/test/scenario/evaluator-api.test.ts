import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { METRIC } from '@guardspan/policy';
import { afterEach, describe, expect, it } from 'vitest';
import { Metrics } from '../../../evaluator/src/metrics/metrics.js';
import { EvaluatorApi } from '../../src/scenario/evaluator-api.js';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

async function serve(answers: Record<string, string>): Promise<EvaluatorApi> {
  server = createServer((request, response) => {
    const answer = answers[request.url!];
    response.writeHead(answer === undefined ? 404 : 200).end(answer);
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return new EvaluatorApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'a token of the test');
}
async function scrapeOf(durations: readonly number[]): Promise<EvaluatorApi> {
  const metrics = new Metrics();
  for (const [index, seconds] of durations.entries())
    metrics.observe(METRIC.PROPAGATION, seconds, index % 2 === 0 ? '0af7651916cd43dd8448eb211c80319c' : '');
  return serve({ '/metrics': (await metrics.scrape()).text });
}

describe('propagation', () => {
  it("reads quantiles from the evaluator's own scrape, linear inside a bucket", async () => {
    // Three in (2.5 ms, 5 ms], one in (50 ms, 100 ms].
    const { p50, p99, count } = await (await scrapeOf([0.003, 0.004, 0.0045, 0.08])).propagation();
    expect(count).toBe(4);
    expect(p50).toBeCloseTo(2.5 + 2.5 * (2 / 3), 1);
    expect(p99).toBeCloseTo(50 + 50 * 0.96, 1);
  });

  it('does not go beyond the last boundary', async () => {
    expect((await (await scrapeOf([60])).propagation()).p50).toBe(2500);
  });

  it('knows nothing before the first confirmation', async () => {
    expect(await (await scrapeOf([])).propagation()).toEqual({ p50: NaN, p99: NaN, count: 0 });
  });
});

describe('an answer that is no success', () => {
  it('is an error that names path and status', async () => {
    await expect((await serve({})).verdicts()).rejects.toThrow('/api/v1/verdicts?limit=200 answers 404');
  });
});
