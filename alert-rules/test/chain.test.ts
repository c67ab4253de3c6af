import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEvaluator, loadConfig } from '@guardspan/evaluator';
import type { Evaluator } from '@guardspan/evaluator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendFeed } from '../../evaluator/test/channel/support/feed.js';
import { freePort, Receiver, startPrometheus } from './processes.js';
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

/** One alert as it is posted to Alertmanager's API (version 2). */
interface Alert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
}

/** What the evaluator adds to the annotations of the rule: a rule cannot know the call. */
const OF_THE_CALL = ['trace_id', 'trace_url'];

/** The range of a link to Grafana begins an hour before the alert. */
const BEGIN = /(?<=from=|%22from%22%3A%22)\d{13}/;
const withoutBegin = (url: string): string => url.replace(BEGIN, '');
const beginOf = (url: string): number => Number(BEGIN.exec(url)![0]) + 3_600_000;

describe.skipIf(PROMETHEUS === undefined)('a breach', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-chain-'));
  const children: ChildProcess[] = [];
  const evaluators: Evaluator[] = [];
  let alertmanager: Receiver;

  /** An evaluator; `direct` tells the receiver under that path of its alerts. */
  async function evaluator(direct = ''): Promise<Evaluator> {
    const started = await createEvaluator(
      loadConfig({
        flags: {
          ...{ listen: '127.0.0.1:0', grpcListen: 'off', store: 'memory', singleUser: true, logLevel: 'silent' },
          guardrails: join(folder, 'guardrails'),
          ...(direct === '' ? {} : { alertmanagers: `${alertmanager.url}/${direct}` }),
          ...{ alertLabels: 'cluster=eu,site=a', traceUrl: 'https://tempo.example/{trace}' },
          ...{ publicUrl: 'https://evaluator.example', grafanaUrl: 'https://grafana.example' },
        },
      }),
    );
    evaluators.push(started);
    return started;
  }
  const breach = (url: string): Promise<number> =>
    sendFeed(
      url,
      'shop',
      Array.from({ length: 20 }, () => ({ model: 'risk', error: 'Timeout' })),
    );
  const told = (path: string): Alert[] =>
    alertmanager.received
      .filter((one) => one.path === path)
      .flatMap(({ body }) => body as Alert[])
      .filter(({ labels }) => labels['alertname'] === 'GuardspanGuardrailFiring');

  beforeAll(async () => {
    mkdirSync(join(folder, 'guardrails'));
    writeFileSync(join(folder, 'guardrails', 'errors.yaml'), ERRORS);
    alertmanager = await Receiver.start();
    const { url } = await evaluator();
    const fast = readRepository('alert-rules/rules/guardspan.yaml').replaceAll('interval: 30s', 'interval: 1s');
    writeFileSync(join(folder, 'rules.yml'), fast);
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `global: {scrape_interval: 1s, evaluation_interval: 1s, external_labels: {cluster: eu, site: a}}
rule_files: [rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ['${new URL(alertmanager.url).host}']}]}]}
scrape_configs:
  - {job_name: guardspan-evaluator, static_configs: [{targets: ['${new URL(url).host}']}]}
`,
    );
    children.push(await startPrometheus(folder, await freePort()));
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const one of evaluators) await one.close();
    alertmanager?.close();
    await sleep(100);
    rmSync(folder, { recursive: true, force: true });
  });

  it('reaches Alertmanager by a real Prometheus and from the evaluator itself, under one and the same identity', async () => {
    expect(await breach(evaluators[0]!.url)).toBe(200);
    for (let tries = 0; tries < 250 && told('/api/v2/alerts').length === 0; tries++) await sleep(100);
    const byRule = told('/api/v2/alerts')[0]!;
    expect(byRule.labels).toEqual({
      ...{ alertname: 'GuardspanGuardrailFiring', component: 'guardspan', guardrail: 'errors' },
      ...{ owner: 'credit', severity: 'critical', cluster: 'eu', site: 'a' },
    });
    const direct = await evaluator('direct');
    expect(await breach(direct.url)).toBe(200);
    await alertmanager.first(({ path }) => path === '/direct/api/v2/alerts');
    const itself = told('/direct/api/v2/alerts')[0]!;
    expect(itself.labels).toEqual(byRule.labels);
    const { annotations } = itself;
    const shared = Object.keys(annotations).filter((key) => !OF_THE_CALL.includes(key));
    expect(shared.sort()).toEqual(Object.keys(byRule.annotations).sort());
    for (const key of shared.filter((name) => name !== 'description'))
      expect(withoutBegin(annotations[key]!), key).toBe(withoutBegin(byRule.annotations[key]!));
    for (const one of [byRule, itself])
      for (const key of ['dashboard_url', 'panel_url', 'traces_url'])
        expect(Math.abs(beginOf(one.annotations[key]!) - Date.parse(one.startsAt)), key).toBeLessThanOrEqual(1000);
    expect(annotations['in_force']).toMatch(/^mode warn, action annotate, revision [0-9a-f]{64}/);
    expect(annotations['trace_url']).toBe(`https://tempo.example/${annotations['trace_id']}`);
    await sleep(3000);
    const identities = told('/api/v2/alerts').map(({ labels, startsAt }) => JSON.stringify([labels, startsAt]));
    expect(new Set(identities).size).toBe(1);
  });

  it('is told by the evaluator alone when it can: the rule is silent', async () => {
    const direct = await evaluator('direct');
    const metrics = await (await fetch(`${direct.url}/metrics`)).text();
    expect(metrics).toContain('guardspan_guardrail_told{guardrail="errors"} 1\n');
    const without = await (await fetch(`${evaluators[0]!.url}/metrics`)).text();
    expect(without).toContain('guardspan_guardrail_told{guardrail="errors"} 0\n');
  });
});
