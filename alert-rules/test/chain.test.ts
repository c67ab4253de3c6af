import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { createServer as createHttpServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEvaluator, loadConfig } from '@guardspan/evaluator';
import type { Evaluator } from '@guardspan/evaluator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendFeed } from '../../evaluator/test/channel/support/feed.js';
import { PROMETHEUS, readRepository } from './support.js';

const ERRORS = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors, labels: {severity: critical, owner: credit}}
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
  action: {annotate: {attributes: {seen: failed}}}
  mode: warn
`;

/** One alert as Prometheus posts it to Alertmanager's API (version 2). */
interface Alert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.skipIf(PROMETHEUS === undefined)('a breach', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-chain-'));
  const received: Alert[] = [];
  const children: ChildProcess[] = [];
  let evaluator: Evaluator;
  let receiver: Server;

  beforeAll(async () => {
    mkdirSync(join(folder, 'guardrails'));
    writeFileSync(join(folder, 'guardrails', 'errors.yaml'), ERRORS);
    evaluator = await createEvaluator(
      loadConfig({
        flags: {
          listen: '127.0.0.1:0',
          grpcListen: 'off',
          store: 'memory',
          guardrails: join(folder, 'guardrails'),
          singleUser: true,
          logLevel: 'silent',
        },
      }),
    );
    receiver = createHttpServer((request, response) => {
      let text = '';
      request.on('data', (part) => (text += String(part)));
      request.on('end', () => {
        received.push(...(JSON.parse(text) as Alert[]));
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => receiver.once('listening', resolve));
    const receiverPort = (receiver.address() as AddressInfo).port;
    const prometheus = await freePort();
    const fast = readRepository('alert-rules/rules/guardspan.yaml').replaceAll('interval: 30s', 'interval: 1s');
    writeFileSync(join(folder, 'rules.yml'), fast);
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ['127.0.0.1:${receiverPort}']}]}]}
scrape_configs:
  - {job_name: guardspan-evaluator, static_configs: [{targets: ['${new URL(evaluator.url).host}']}]}
`,
    );
    const start = (program: string, ...args: string[]): void =>
      void children.push(spawn(join(PROMETHEUS!, program), args, { cwd: folder, stdio: 'ignore' }));
    start(
      'prometheus',
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=tsdb',
      `--web.listen-address=127.0.0.1:${prometheus}`,
    );
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await evaluator?.close();
    receiver?.closeAllConnections();
    receiver?.close();
    await sleep(100);
    rmSync(folder, { recursive: true, force: true });
  });

  it('reaches Alertmanager through a real Prometheus that scrapes a real evaluator, under one identity', async () => {
    const failing = Array.from({ length: 20 }, () => ({ model: 'risk', error: 'Timeout' }));
    expect(await sendFeed(evaluator.url, 'shop', failing)).toBe(200);
    const told = (): Alert[] => received.filter(({ labels }) => labels['alertname'] === 'GuardspanGuardrailFiring');
    for (let tries = 0; tries < 250 && told().length === 0; tries++) await sleep(100);
    expect(told()[0]?.labels).toEqual({
      alertname: 'GuardspanGuardrailFiring',
      component: 'guardspan',
      guardrail: 'errors',
      owner: 'credit',
      severity: 'critical',
    });
    const { annotations } = told()[0]!;
    expect(annotations['in_force']).toMatch(/^mode warn, action annotate, revision [0-9a-f]{64}/);
    expect(annotations['kill_command']).toContain('"guardrail":"errors"');
    await sleep(3000);
    expect(new Set(told().map(({ labels, startsAt }) => JSON.stringify([labels, startsAt]))).size).toBe(1);
  });
});
