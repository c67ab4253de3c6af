import type { ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEvaluator, loadConfig } from '@guardspan/evaluator';
import type { Evaluator } from '@guardspan/evaluator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendFeed } from '../../evaluator/test/channel/support/feed.js';
import { freePort, Receiver, startAlertmanager } from './processes.js';
import { ALERTMANAGER } from './support.js';

const ERRORS = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors, labels: {severity: critical}}
spec:
  description: Few calls fail.
  match: {services: [shop], models: [risk]}
  over: {window: 2s, every: 0s, groupBy: [model], minSamples: 10, signals: {failed: {ratio: "error.type != ''"}}}
  when: "failed > 0.5"
  action: {annotate: {attributes: {seen: failed}}}
  mode: warn
`;

/** A notification as Alertmanager posts it to a webhook (version 4). */
interface Notification {
  status: string;
  alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[];
}

describe.skipIf(ALERTMANAGER === undefined)('direct alerts to a real Alertmanager', () => {
  let folder: string;
  let receiver: Receiver;
  let ports: number[];
  const children: ChildProcess[] = [];
  let evaluator: Evaluator | undefined;

  const startEvaluator = async (flags: Record<string, string> = {}): Promise<Evaluator> =>
    (evaluator = await createEvaluator(
      loadConfig({
        flags: {
          ...{ listen: '127.0.0.1:0', grpcListen: 'off', dataDir: join(folder, 'data'), singleUser: true },
          ...{ guardrails: join(folder, 'guardrails'), logLevel: 'silent' },
          ...{ alertmanagers: ports.map((port) => `http://127.0.0.1:${port}`).join(','), alertHold: '1s' },
          ...flags,
        },
      }),
    ));
  const startOne = async (index: number): Promise<void> => {
    const storage = join(folder, `am-${index}`);
    children[index] = await startAlertmanager({ config: join(folder, 'am.yml'), folder: storage, port: ports[index]! });
  };
  const calls = (error: string | undefined): Promise<number> =>
    sendFeed(
      evaluator!.url,
      'shop',
      Array.from({ length: 30 }, () => ({ model: 'risk', ...(error === undefined ? {} : { error }) })),
    );
  const statuses = (): string[] => receiver.received.map(({ body }) => (body as Notification).status);
  const view = async (): Promise<{ items: unknown[]; instances: { healthy: boolean; waiting: number }[] }> =>
    (await (await fetch(`${evaluator!.url}/api/v1/alerts`)).json()) as never;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'guardspan-direct-'));
    mkdirSync(join(folder, 'guardrails'));
    writeFileSync(join(folder, 'guardrails', 'errors.yaml'), ERRORS);
    receiver = await Receiver.start();
    ports = [await freePort(), await freePort()];
    writeFileSync(
      join(folder, 'am.yml'),
      `route: {receiver: hook, group_by: [guardrail], group_wait: 0s, group_interval: 1s}
receivers: [{name: hook, webhook_configs: [{url: '${receiver.url}/'}]}]
`,
    );
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await evaluator?.close();
    receiver.close();
    await sleep(100);
    rmSync(folder, { recursive: true, force: true });
  });

  it('arrive within two seconds, and their end too', async () => {
    ports = ports.slice(0, 1);
    await startOne(0);
    await startEvaluator();
    const began = Date.now();
    await calls('Timeout');
    const { at, body } = await receiver.first(() => true);
    expect(at - began).toBeLessThan(2000);
    expect((body as Notification).alerts[0]).toMatchObject({
      status: 'firing',
      labels: {
        alertname: 'GuardspanGuardrailFiring',
        component: 'guardspan',
        guardrail: 'errors',
        severity: 'critical',
      },
    });
    await sleep(2500);
    await calls(undefined);
    await receiver.first((one) => (one.body as Notification).status === 'resolved');
    await sleep(1500);
    expect(statuses()).toEqual(['firing', 'resolved']);
  });

  it('are also told to receivers of webhooks, signed, at their beginning and their end', async () => {
    ports = ports.slice(0, 1);
    await startOne(0);
    const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    writeFileSync(join(folder, 'secret'), secret);
    const hooks = await Receiver.start();
    await startEvaluator({ webhooks: `${hooks.url}/hook`, webhookSecretFile: join(folder, 'secret') });
    await calls('Timeout');
    const isAlert = (state: string) => (one: { body: unknown }) => {
      const { type, data } = one.body as { type: string; data: { state?: string } };
      return type === 'alert' && data.state === state;
    };
    const { body, headers } = await hooks.first(isAlert('firing'));
    const text = JSON.stringify(body);
    const signed = createHmac('sha256', Buffer.alloc(32, 1))
      .update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`)
      .digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signed}`);
    await sleep(2200);
    await calls(undefined);
    await hooks.first(isAlert('resolved'));
    expect(hooks.received.filter((one) => isAlert('firing')(one) || isAlert('resolved')(one))).toHaveLength(2);
    hooks.close();
  });

  it('wait in the outbox while every Alertmanager is away and the evaluator restarts, and then arrive at each', async () => {
    await startEvaluator();
    await calls('Timeout');
    await sleep(1000);
    const { items, instances } = await view();
    expect(items).toHaveLength(1);
    expect(instances.map(({ healthy, waiting }) => [healthy, waiting])).toEqual([
      [false, 1],
      [false, 1],
    ]);
    const ready = (await (await fetch(`${evaluator!.url}/readyz`)).json()) as unknown;
    expect(ready).toMatchObject({ status: 'ok', alertmanagers: { healthy: 0, failing: 2, waiting: 1 } });
    await evaluator!.close();
    await startOne(0);
    await startOne(1);
    await startEvaluator();
    for (let tries = 0; tries < 200 && receiver.received.length < 2; tries++) await sleep(50);
    // Two of them that know nothing of each other: each tells once.
    await sleep(1500);
    expect(statuses()).toEqual(['firing', 'firing']);
    const metrics = await (await fetch(`${evaluator!.url}/metrics`)).text();
    expect(metrics).toContain('guardspan_notifications_total{receiver="alertmanager",outcome="sent"} 2');
    expect(metrics).toContain('guardspan_notifications_waiting{receiver="alertmanager"} 0');
  });

  it('reach those that answer while another is away, and that one when it comes back', async () => {
    await startOne(0);
    await startEvaluator();
    await calls('Timeout');
    await receiver.first(() => true);
    await startOne(1);
    for (let tries = 0; tries < 300 && receiver.received.length < 2; tries++) await sleep(50);
    expect(statuses()).toEqual(['firing', 'firing']);
  });
});
