import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvaluator, loadConfig } from '@guardspan/evaluator';
import type { Evaluator } from '@guardspan/evaluator';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { helloOf, TestAgent } from '../channel/support/agent.js';
import { sendFeed } from '../channel/support/feed.js';

const ERRORS = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors}
spec:
  description: Few calls fail.
  match: {services: [shop], models: [risk]}
  over:
    window: 60s
    every: 0s
    groupBy: [model]
    minSamples: 10
    signals: {failed: {ratio: "error.type != ''"}}
  when: "failed > 0.5"
  probe: {share: 0.1, perSecond: 1, minSamples: 5}
  action: {reroute: {to: previous, percent: 100}}
  mode: enforce
`;

let directory: string;
let evaluator: Evaluator;
const agents: TestAgent[] = [];

async function start(extra: Record<string, string | boolean> = {}): Promise<Evaluator> {
  return createEvaluator(
    loadConfig({
      flags: {
        listen: '127.0.0.1:0',
        grpcListen: 'off',
        store: 'memory',
        guardrails: join(directory, 'guardrails'),
        singleUser: true,
        logLevel: 'silent',
        ...extra,
      },
    }),
  );
}

function connect(service = 'shop', options: { token?: string } = {}, overrides = {}): TestAgent {
  const agent = new TestAgent(evaluator.url, helloOf(service, overrides), options);
  agents.push(agent);
  return agent;
}

const fail = (count: number): { model: string; error: string }[] =>
  Array.from({ length: count }, () => ({ model: 'risk', error: 'Timeout' }));

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'guardspan-loop-'));
  await mkdir(join(directory, 'guardrails'));
  await writeFile(join(directory, 'guardrails', 'errors.yaml'), ERRORS);
});
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.socket.terminate();
  await evaluator.close();
  await rm(directory, { recursive: true });
});

it('turns a breach in the feed into a directive on the channel, and releases it after good probes', async () => {
  evaluator = await start();
  const agent = connect();
  await agent.until(() => agent.of('snapshot').length > 0);
  expect(agent.of('snapshot')[0]!.guardrails.map(({ guardrail }) => guardrail.metadata.name)).toEqual(['errors']);

  expect(await sendFeed(evaluator.url, 'shop', fail(20))).toBe(200);
  await agent.until(() => agent.of('directive').length > 0);
  const [directive] = agent.of('directive')[0]!.directives;
  expect(directive).toMatchObject({
    guardrail: 'errors',
    scope: { model: 'risk' },
    action: { type: 'reroute', to: 'previous' },
    mode: 'enforce',
    expiresIn: 60,
    probeShare: 1,
  });
  const active = (await (await fetch(`${evaluator.url}/api/v1/directives`)).json()) as unknown;
  expect(JSON.stringify(active)).toContain(directive!.id);

  for (let round = 0; round < 40 && agent.of('release').length === 0; round++) {
    const probes = Array.from({ length: 5 }, () => ({ model: 'risk', probe: true, directive: directive!.id }));
    await sendFeed(evaluator.url, 'shop', probes);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await agent.until(() => agent.of('release').length > 0);
  expect(agent.of('release')[0]!.ids).toEqual([directive!.id]);
  const metrics = await (await fetch(`${evaluator.url}/metrics`)).text();
  expect(metrics).toMatch(/guardspan_propagation_duration_seconds_count 1/);
});

it('goes on with its directives after a restart, under a new epoch', async () => {
  const data = { store: 'sqlite', dataDir: join(directory, 'data') };
  evaluator = await start(data);
  const before = connect();
  await before.until(() => before.of('snapshot').length > 0);
  await sendFeed(evaluator.url, 'shop', fail(20));
  await before.until(() => before.of('directive').length > 0);
  const [directive] = before.of('directive')[0]!.directives;
  await new Promise((resolve) => setTimeout(resolve, 400));
  await evaluator.close();
  expect(before.closed?.code).toBe(1012);

  evaluator = await start(data);
  const after = connect();
  await after.until(() => after.of('snapshot').length > 0);
  const [snapshot] = after.of('snapshot');
  expect(snapshot!.directives.map(({ id }) => id)).toEqual([directive!.id]);
  expect(snapshot!.directives[0]!.verdict).toBe(directive!.verdict);
  expect(snapshot!.epoch).toBeGreaterThan(directive!.epoch);
  const { items } = (await (await fetch(`${evaluator.url}/api/v1/verdicts`)).json()) as { items: { id: string }[] };
  expect(items.map(({ id }) => id)).toEqual([directive!.verdict]);
});

async function tokens(): Promise<Record<string, string | boolean>> {
  const entry = (name: string, role: string, services: string): string =>
    `  - {name: ${name}, role: ${role}, sha256: ${createHash('sha256').update(`secret-${name}`).digest('hex')}${services}}\n`;
  const file = join(directory, 'tokens.yaml');
  await writeFile(
    file,
    `tokens:\n${entry('shop', 'agent', ', services: [shop]')}${entry('other', 'agent', ', services: [other]')}${entry('reader', 'viewer', '')}`,
    { mode: 0o600 },
  );
  return { singleUser: false, tokensFile: file };
}

it('refuses a wrong token at the upgrade, and a token of another service after hello', async () => {
  evaluator = await start(await tokens());
  const statusOf = (agent: TestAgent): Promise<number> =>
    new Promise((resolve) => {
      agent.socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    });
  expect(await statusOf(connect('shop', { token: 'wrong' }))).toBe(401);
  expect(await statusOf(connect('shop', { token: 'secret-reader' }))).toBe(403);
  const other = connect('shop', { token: 'secret-other' });
  await other.until(() => other.closed !== undefined);
  expect(other.closed?.code).toBe(4403);
  const right = connect('shop', { token: 'secret-shop' });
  await right.until(() => right.of('snapshot').length > 0);
});

it('counts nothing that a token of another service sends', async () => {
  evaluator = await start(await tokens());
  const agent = connect('shop', { token: 'secret-shop' });
  await agent.until(() => agent.of('snapshot').length > 0);
  expect(await sendFeed(evaluator.url, 'shop', fail(20), { token: 'secret-other' })).toBe(200);
  expect(await sendFeed(evaluator.url, 'shop', fail(20))).toBe(401);
  await sendFeed(evaluator.url, 'shop', fail(9), { token: 'secret-shop' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(agent.of('directive')).toEqual([]);
  await sendFeed(evaluator.url, 'shop', fail(1), { token: 'secret-shop' });
  await agent.until(() => agent.of('directive').length > 0);
});

it('keeps one budget over four processes and gives it to those that stay', async () => {
  const throttle = ERRORS.replace(/action: .*/, 'action: {throttle: {rate: 8, burst: 8}}');
  await writeFile(join(directory, 'guardrails', 'errors.yaml'), throttle);
  evaluator = await start();
  const workers = [connect(), connect(), connect(), connect()];
  for (const worker of workers) await worker.until(() => worker.of('snapshot').length > 0);
  await sendFeed(evaluator.url, 'shop', fail(20));
  for (const worker of workers) await worker.until(() => worker.of('directive').length > 0);
  const shares = workers.map((worker) => worker.of('directive')[0]!.directives[0]!.share!);
  expect(shares).toEqual([1, 2, 3, 4].map(() => ({ rate: 2, burst: 2 })));
  const left = workers.pop()!;
  await left.close();
  const closedAt = Date.now();
  const [stays] = workers;
  await stays!.until(() => stays!.of('share').length > 0, 1000);
  expect(Date.now() - closedAt).toBeLessThan(1000);
  expect(stays!.of('share')[0]!.shares[0]).toMatchObject({ rate: 8 / 3 });
});

it('refuses a broken document and keeps the one before; tells processes of a new one by delta', async () => {
  evaluator = await start();
  const agent = connect();
  await agent.until(() => agent.of('snapshot').length > 0);
  const path = join(directory, 'guardrails', 'errors.yaml');
  await writeFile(path, ERRORS.replace('failed > 0.5', 'failed >'));
  const [problem] = await evaluator.reload();
  expect(problem).toMatchObject({ file: 'errors.yaml' });
  expect(problem!.code).toMatch(/^GUARDSPAN_/);
  expect(agent.of('delta')).toEqual([]);
  await writeFile(path, ERRORS.replace('0.5', '0.9'));
  expect(await evaluator.reload()).toEqual([]);
  await agent.until(() => agent.of('delta').length + agent.of('snapshot').length > 1);
  const told = [...agent.of('delta').flatMap(({ upsert }) => upsert), ...(agent.of('snapshot')[1]?.guardrails ?? [])];
  expect(told[0]!.guardrail.spec.when).toContain('0.9');
});

it('calls a guard-rail that no process can carry out inert, in API and metric, and refuses to enforce it', async () => {
  evaluator = await start();
  const agent = connect('shop', {}, { targets: [] });
  await agent.until(() => agent.of('snapshot').length > 0);
  const metrics = await (await fetch(`${evaluator.url}/metrics`)).text();
  expect(metrics).toMatch(/guardspan_guardrail_inert\{guardrail="errors"\} 1/);
  await writeFile(join(directory, 'guardrails', 'errors.yaml'), ERRORS.replace('0.5', '0.9'));
  expect(await evaluator.reload()).toMatchObject([{ code: 'GUARDSPAN_INERT' }]);
});

it('lowers coverage by what processes and foreign spans say was not guarded', async () => {
  evaluator = await start();
  const agent = connect();
  await agent.until(() => agent.of('snapshot').length > 0);
  const cell = { model: 'risk', version: '1', bucket: 0, started: 8, denied: 0, finished: 8, finishedWithin: {} };
  agent.send({
    type: 'report',
    seq: 1,
    clock: Date.now() / 1000,
    cells: [{ ...cell, guarded: 8, unguarded: { raw_http: 1, unpatched_client: 1 } }],
    gaps: [
      { reason: 'raw_http', name: 'api.example.com', count: 1 },
      { reason: 'unpatched_client', name: 'old-client', count: 1 },
    ],
    feedDropped: 0,
    dispositions: [],
  });
  let report: { coverage: number | null; gaps: unknown[] } = { coverage: null, gaps: [] };
  for (let round = 0; round < 50 && report.coverage === null; round++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    report = (await (await fetch(`${evaluator.url}/api/v1/coverage`)).json()) as typeof report;
  }
  expect(report.coverage).toBe(0.8);
  expect(report.gaps).toHaveLength(2);
});
