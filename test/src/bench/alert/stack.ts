import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startEvaluator } from '../process/evaluator-process.js';

const RULES = fileURLToPath(new URL('../../../../alert-rules/rules/guardspan.yaml', import.meta.url));

/**
 * How long each further member of the cluster waits before it notifies. It must be short of `group_interval`: a member that waits longer tells of what it saw
 * before it waited, also when the others have told of the end since. Alertmanager's default of 15 s suits its default interval of 5 min, not one of 5 s.
 */
export const PEER_TIMEOUT_MS = 250;

/** A program that is killed and started again on the same address, keeping its folder. */
export interface Restartable {
  readonly name: string;
  /** Ends it at once, as a crash does, and starts it again. Resolves when it answers. */
  crash(): Promise<void>;
  stop(): void;
}

/** Waits until an address answers. Rejects after half a minute. */
export async function answers(url: string): Promise<void> {
  for (const until = Date.now() + 30_000; Date.now() < until; await sleep(25)) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok === true) return;
  }
  throw new Error(`${url} did not answer within 30 s`);
}

async function restartable(name: string, start: () => ChildProcess, ready: string): Promise<Restartable> {
  let child = start();
  await answers(ready);
  return {
    name,
    async crash() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      child = start();
      await answers(ready);
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

/** A cluster of Alertmanagers with a route of the user's own that tells one webhook. Guard-rails whose names begin with `wait` wait 30 s in their group. */
export async function startAlertmanagers(options: {
  programs: string;
  folder: string;
  ports: readonly number[];
  clusterPorts: readonly number[];
  webhook: number;
  groupInterval: number;
  /** How often they forget groups that are empty: `--dispatch.maintenance-interval`. */
  sweep: string;
}): Promise<Restartable[]> {
  const { programs, folder, ports, clusterPorts, webhook, groupInterval, sweep } = options;
  const config = join(folder, 'alertmanager.yml');
  writeFileSync(
    config,
    `route:
  receiver: hook
  group_by: [cluster, guardrail]
  group_wait: 0s
  group_interval: ${groupInterval}s
  repeat_interval: 4h
  routes: [{matchers: ['guardrail =~ "wait.*"'], group_wait: 30s}]
receivers: [{name: hook, webhook_configs: [{url: 'http://127.0.0.1:${webhook}/', max_alerts: 0}]}]
`,
  );
  return Promise.all(
    ports.map((port, index) => {
      const args = [
        `--config.file=${config}`,
        `--storage.path=${join(folder, `am-${index}`)}`,
        `--web.listen-address=127.0.0.1:${port}`,
        `--cluster.listen-address=127.0.0.1:${clusterPorts[index]}`,
        `--cluster.peer-timeout=${PEER_TIMEOUT_MS}ms`,
        '--cluster.gossip-interval=50ms',
        `--dispatch.maintenance-interval=${sweep}`,
        ...clusterPorts.filter((_, other) => other !== index).map((peer) => `--cluster.peer=127.0.0.1:${peer}`),
      ];
      const start = (): ChildProcess => spawn(join(programs, 'alertmanager'), args, { stdio: 'ignore' });
      return restartable(`alertmanager ${index}`, start, `http://127.0.0.1:${port}/-/ready`);
    }),
  );
}

/** A Prometheus of a pair: the shipped rules, each second, over these evaluators. */
export async function startPrometheus(options: {
  programs: string;
  folder: string;
  port: number;
  replica: string;
  evaluators: readonly number[];
  alertmanagers: readonly number[];
}): Promise<Restartable> {
  const { programs, folder, port, replica, evaluators, alertmanagers } = options;
  mkdirSync(folder);
  writeFileSync(join(folder, 'rules.yml'), readFileSync(RULES, 'utf8').replaceAll('interval: 30s', 'interval: 1s'));
  const targets = (ports: readonly number[]): string => ports.map((one) => `'127.0.0.1:${one}'`).join(', ');
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global: {scrape_interval: 1s, evaluation_interval: 1s, external_labels: {cluster: eu, replica: ${replica}}}
rule_files: [rules.yml]
alerting:
  alert_relabel_configs: [{action: labeldrop, regex: replica}]
  alertmanagers: [{static_configs: [{targets: [${targets(alertmanagers)}]}]}]
scrape_configs: [{job_name: guardspan-evaluator, static_configs: [{targets: [${targets(evaluators)}]}]}]
`,
  );
  const args = ['--config.file=prometheus.yml', '--storage.tsdb.path=tsdb', `--web.listen-address=127.0.0.1:${port}`];
  const start = (): ChildProcess => spawn(join(programs, 'prometheus'), args, { cwd: folder, stdio: 'ignore' });
  return restartable(`prometheus ${replica}`, start, `http://127.0.0.1:${port}/-/ready`);
}

/** An evaluator of its own data; `alertmanagers` are none when only the rules shall tell of its guard-rails. */
export async function startAlerting(options: {
  folder: string;
  port: number;
  documents: string;
  alertmanagers: readonly number[];
  hold: number;
}): Promise<Restartable> {
  const { folder, port, documents, alertmanagers, hold } = options;
  const guardrails = join(folder, 'guardrails');
  mkdirSync(guardrails, { recursive: true });
  writeFileSync(join(guardrails, 'alert.yaml'), documents);
  const flags = ['--listen', `127.0.0.1:${port}`, '--alert-labels', 'cluster=eu', '--alert-hold', `${hold}s`];
  flags.push('--alertmanagers', alertmanagers.map((one) => `http://127.0.0.1:${one}`).join(','));
  const start = (): ChildProcess => startEvaluator({ dataDir: join(folder, 'data'), guardrails, flags }).child;
  return restartable(`evaluator ${port}`, start, `http://127.0.0.1:${port}/readyz`);
}
