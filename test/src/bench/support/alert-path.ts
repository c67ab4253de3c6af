import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from './percentile.js';
import { freePorts } from './processes.js';

/** Breaches that are measured side by side, each a series and an alert of its own. */
const TRIALS = 10;
/** Calls a second of each series. */
const RATE = 100;

/** Intervals of a set-up. */
interface Setup {
  scrape: string;
  evaluation: string;
  groupWait: string;
  /** Window of the rule. */
  range: string;
  /** Seconds of good calls before the first breach. */
  warmUp: number;
  /** Seconds over which the breaches begin. */
  spread: number;
}

/** What an untouched installation uses: intervals of 1 min, group_wait of 30 s; a rate needs a range of several scrapes. */
const DEFAULTS: Setup = {
  scrape: '1m',
  evaluation: '1m',
  groupWait: '30s',
  range: '5m',
  warmUp: 150,
  spread: 60,
};
/** As quick as both go without harm to a small installation. */
const TUNED: Setup = { scrape: '1s', evaluation: '1s', groupWait: '0s', range: '1m', warmUp: 65, spread: 13.7 };

/**
 * Measures how long the breach of `detection` (error ratio above 5 %, every call bad from its onset) takes to reach a webhook through the real
 * Prometheus and Alertmanager on the PATH, with their default intervals and with tuned ones, and writes the result with its date.
 */
export async function measureAlertPath(file: string): Promise<void> {
  const tuned = await measure(TUNED);
  const defaults = await measure(DEFAULTS);
  const summary = (setup: Setup, times: readonly number[]): unknown => ({
    median_ms: Math.round(percentile(times, 0.5)),
    min_ms: Math.round(Math.min(...times)),
    max_ms: Math.round(Math.max(...times)),
    scrape_interval: setup.scrape,
    evaluation_interval: setup.evaluation,
    group_wait: setup.groupWait,
    range: setup.range,
  });
  const result = {
    median_ms: Math.round(percentile(defaults, 0.5)),
    breach: 'error ratio above 5 %, every call bad from the onset, 100 calls/s; onset to webhook',
    trials: TRIALS,
    defaults: summary(DEFAULTS, defaults),
    tuned: summary(TUNED, tuned),
    prometheus: versionOf('prometheus'),
    alertmanager: versionOf('prometheus-alertmanager'),
    measured_at: new Date().toISOString().slice(0, 10),
  };
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}

async function measure(setup: Setup): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-alerts-'));
  const [prometheusPort, alertmanagerPort, appPort] = await freePorts(3);
  const onsets = Array.from({ length: TRIALS }, () => Infinity);
  const alerted = new Map<number, number>();
  const began = Date.now();
  const app = createServer((request, response) => {
    if (request.url !== '/alerts') return void response.end(exposition(began, onsets));
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { alerts } = JSON.parse(body) as { alerts: { labels: { trial: string } }[] };
      for (const { labels } of alerts) {
        const trial = Number(labels.trial);
        if (!alerted.has(trial)) alerted.set(trial, Date.now());
      }
      response.end();
    });
  }).listen(appPort, '127.0.0.1');
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const rules = write(
    'rules.yml',
    `groups: [{name: g, rules: [{alert: Errors, expr: "sum by (trial) (rate(errors_total[${setup.range}])) / sum by (trial) (rate(calls_total[${setup.range}])) > 0.05"}]}]`,
  );
  const prometheus = write(
    'prometheus.yml',
    `global: {scrape_interval: ${setup.scrape}, scrape_timeout: 1s, evaluation_interval: ${setup.evaluation}}
rule_files: [${rules}]
alerting: {alertmanagers: [{static_configs: [{targets: ["127.0.0.1:${alertmanagerPort}"]}]}]}
scrape_configs: [{job_name: app, static_configs: [{targets: ["127.0.0.1:${appPort}"]}]}]`,
  );
  const alertmanager = write(
    'alertmanager.yml',
    `route: {receiver: hook, group_by: [trial], group_wait: ${setup.groupWait}}
receivers: [{name: hook, webhook_configs: [{url: "http://127.0.0.1:${appPort}/alerts", send_resolved: false}]}]`,
  );
  const children = [
    spawn(
      'prometheus-alertmanager',
      [
        `--config.file=${alertmanager}`,
        `--storage.path=${join(folder, 'alertmanager')}`,
        `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    ),
    spawn(
      'prometheus',
      [
        `--config.file=${prometheus}`,
        `--storage.tsdb.path=${join(folder, 'prometheus')}`,
        `--web.listen-address=127.0.0.1:${prometheusPort}`,
      ],
      { stdio: 'ignore' },
    ),
  ];
  try {
    await sleep(setup.warmUp * 1000);
    for (let trial = 0; trial < TRIALS; trial++) {
      onsets[trial] = Date.now();
      await sleep((setup.spread * 1000) / TRIALS);
    }
    for (const deadline = Date.now() + 600_000; alerted.size < TRIALS && Date.now() < deadline;) await sleep(100);
    if (alerted.size < TRIALS) throw new Error(`only ${alerted.size} of ${TRIALS} alerts came within 10 min`);
    return onsets.map((onset, trial) => alerted.get(trial)! - onset);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    app.closeAllConnections();
    app.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Counters of the application: exact functions of time. */
function exposition(began: number, onsets: readonly number[]): string {
  const now = Date.now();
  const calls = Math.floor(((now - began) / 1000) * RATE);
  return onsets
    .map((onset, trial) => {
      const errors = Math.floor((Math.max(0, now - onset) / 1000) * RATE);
      return `calls_total{trial="${trial}"} ${calls}\nerrors_total{trial="${trial}"} ${errors}\n`;
    })
    .join('');
}

function versionOf(program: string): string {
  const { stdout, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return /version (\S+)/.exec(`${stdout}${stderr}`)?.[1] ?? '';
}
