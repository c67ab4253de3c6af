import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from './support/app.js';
import { startEvaluator, type Answer, type Evaluator } from './support/evaluator.js';
import { feedRequest } from './support/feed-request.js';
import { createScratch } from './support/scratch.js';
import { until } from './support/until.js';

const MAX_BODY = 65_536;
const limit = (name: string, amount: string): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: ${name} }
spec:
  match: { models: [scorer] }
  at: request
  when: 'features.amount > ${amount}'
  action: { deny: {} }
  mode: enforce
`;

const scratch = createScratch();
let evaluator: Evaluator;
let app: App;
beforeAll(async () => {
  scratch.write('rails/limit.yaml', limit('limit', '100.0'));
  evaluator = await startEvaluator({
    dataDir: scratch.path('data'),
    guardrails: scratch.path('rails'),
    args: ['--max-body', String(MAX_BODY)],
  });
  app = await startApp({ service: 'shop', evaluator: evaluator.url });
  await app.inForce(1);
});
afterAll(async () => {
  await app?.stop();
  await evaluator?.stop();
  scratch.remove();
});

const post = (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer<{ code: number; message: string }>> =>
  evaluator.ask('/v1/traces', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
const counted = async (): Promise<number> => (await evaluator.metric('guardspan_calls_total')) ?? 0;
const rejected = async (reason: string): Promise<number> =>
  (await evaluator.metric(`guardspan_ingest_rejected_total{reason="${reason}"}`)) ?? 0;

describe('bad OTLP', () => {
  it('that is malformed is answered 400 with a code, counted, and counts no call', async () => {
    const before = await counted();
    const half = feedRequest('shop', 'scorer').slice(0, -40);
    expect(await post(half)).toMatchObject({ status: 400, body: { code: 3 } });
    expect(await post('{"resourceSpans": 7}')).toMatchObject({ status: 400, body: { code: 3 } });
    expect((await post(half)).body.message).toMatch(/^GUARDSPAN_OTLP_/);
    const protobuf = { 'content-type': 'application/x-protobuf' };
    expect((await post(Buffer.from([0x0a, 0xff, 0xff, 0x01, 0x00]), protobuf)).status).toBe(400);
    expect((await post('no gzip', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await post('', { 'content-type': 'text/plain' })).status).toBe(415);
    expect(await rejected('malformed')).toBe(5);
    expect(await counted()).toBe(before);
  });

  it('that is too large, also only when inflated, is answered 413 and not read', async () => {
    const before = await counted();
    const large = feedRequest('shop', 'scorer', 400);
    expect(large.length).toBeGreaterThan(MAX_BODY);
    expect(await post(large)).toMatchObject({
      status: 413,
      body: { message: expect.stringContaining('GUARDSPAN_OTLP_TOO_LARGE') },
    });
    const bomb = gzipSync(Buffer.alloc(50 * MAX_BODY, 0x20));
    expect(bomb.length).toBeLessThan(MAX_BODY);
    expect((await post(bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect(await rejected('too_large')).toBe(2);
    expect(await counted()).toBe(before);
  });

  it('leaves the calls of everybody else counted', async () => {
    const before = await counted();
    expect(await post(feedRequest('shop', 'scorer', 3))).toMatchObject({ status: 200, body: {} });
    expect(await app.call({ count: 4 })).toEqual(Array(4).fill('by scorer'));
    await until('seven more calls', async () => (await counted()) === before + 7);
  });
});

describe('a broken guard-rail', () => {
  const inForce = async (): Promise<{ name: string; revision: string }[]> =>
    (await evaluator.get<{ items: { name: string; revision: string }[] }>('/api/v1/guardrails')).items.map(
      ({ name, revision }) => ({ name, revision }),
    );

  it('in the directory is refused with its place and code; the one before stays, and its neighbours change', async () => {
    const before = await inForce();
    scratch.write('rails/limit.yaml', limit('limit', 'oops('));
    scratch.write('rails/other.yaml', limit('other', '1000.0'));
    await until('the neighbour', async () => (await inForce()).length === 2);
    const complaint = evaluator
      .errors()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { file?: string; line?: number; code?: string })
      .find(({ file }) => file === 'limit.yaml');
    expect(complaint).toMatchObject({ line: 8, code: expect.stringMatching(/^GUARDSPAN_/) });
    expect(await inForce()).toContainEqual(before[0]);
    await app.inForce(2);
    expect(await app.call({ amount: 500 })).toEqual(['GUARDSPAN_DENIED']);
  });

  it('sent to the API is refused with line, column and code, and nothing changes', async () => {
    const before = await inForce();
    const answer = await evaluator.putGuardrail('third', limit('third', 'oops('));
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ line: 8, column: expect.any(Number), code: expect.stringMatching(/^GUARDSPAN_/) }] },
    });
    const unknown = await evaluator.putGuardrail('third', limit('third', '1.0').replace('  at:', '  att: 1\n  at:'));
    expect(unknown).toMatchObject({ status: 422, body: { errors: [{ code: 'GUARDSPAN_DOC_UNKNOWN_KEY' }] } });
    const alias = await evaluator.putGuardrail('third', `a: &a [x]\nb: ${'[*a, '.repeat(3)}`);
    expect(alias.status).toBe(422);
    expect(await inForce()).toEqual(before);
  });

  it('kept by a restart leaves the good ones in force', async () => {
    const before = await inForce();
    const { port } = evaluator;
    await evaluator.stop();
    evaluator = await startEvaluator({
      dataDir: scratch.path('data'),
      guardrails: scratch.path('rails'),
      port,
      args: ['--max-body', String(MAX_BODY)],
    });
    expect(await inForce()).toEqual(before);
  });
});
