import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { judge, NotificationSink } from './alert/notifications.js';
import type { Breach, Judgement } from './alert/notifications.js';
import { PEER_TIMEOUT_MS, startAlerting, startAlertmanagers, startPrometheus } from './alert/stack.js';
import type { Restartable } from './alert/stack.js';
import { alertDocuments, breach, guardrailNames } from './alert/traffic.js';
import { percentile } from './support/percentile.js';
import { freePorts } from './support/processes.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    breaches: { type: 'string', default: '100' },
    kills: { type: 'string', default: '20' },
  },
});
const GROUP_INTERVAL = 5;
/** Every breach lasts three intervals of its group. Milliseconds. */
const HOLD_MS = 3 * GROUP_INTERVAL * 1000;
/** `alertHold`: long enough that nobody takes two breaches for one incident, short enough that the benchmark ends. Seconds. */
const ALERT_HOLD = 3;
/** From the beginning of a breach of a guard-rail to its next: the breach, its end, its hold, the last notification, and what a restart may delay. */
const ROUND_MS = HOLD_MS + 33_000;
const ROUNDS = 4;
/** Breaches of groups that wait 30 s, and how long they last: longer than their group waits. Milliseconds. */
const WAITING = 10;
const WAIT_HOLD_MS = 40_000;

const programs = {
  prometheus: process.env['GUARDSPAN_PROMETHEUS_DIR'],
  alertmanager: process.env['GUARDSPAN_ALERTMANAGER_DIR'],
};

/** Breaches of these guard-rails, one after the other by `gap`. Resolves when all have ended. */
async function breachAll(url: string, names: readonly string[], gap: number, hold: number): Promise<Breach[]> {
  return Promise.all(
    names.map(async (guardrail, index) => {
      await sleep(index * gap);
      const from = Date.now();
      await breach(url, guardrail, hold);
      return { guardrail, from, until: from + 600_000 };
    }),
  );
}

/** Kills one after the other, the next only when the one before is back. */
async function killAll(targets: readonly Restartable[], count: number, time: number): Promise<string[]> {
  const killed: string[] = [];
  const began = Date.now();
  for (let index = 0; index < count; index++) {
    const due = began + ((index + 0.5) * time) / count;
    await sleep(Math.max(0, due - Date.now()));
    const target = targets[index % targets.length]!;
    await target.crash();
    killed.push(target.name);
  }
  return killed;
}

const latency = ({ latencies }: Judgement): { p50_ms: number; p99_ms: number } => ({
  p50_ms: Math.round(percentile(latencies, 0.5)),
  p99_ms: Math.round(percentile(latencies, 0.99)),
});

async function measure(root: string, started: { stop(): void }[]): Promise<void> {
  if (programs.prometheus === undefined || programs.alertmanager === undefined)
    throw new Error('Prometheus or Alertmanager is missing; npm run bench says why');
  const each = Math.ceil(Number(options.breaches) / ROUNDS);
  const names = { direct: guardrailNames('direct', each), wait: guardrailNames('wait', WAITING) };
  const byRule = { rule: guardrailNames('rule', each), wait: guardrailNames('waitrule', WAITING) };
  const [webhook, direct, ruled, ...ports] = await freePorts(11);
  const alertmanagers = ports.slice(0, 3);
  const sink = new NotificationSink(webhook!);
  started.push({ stop: () => sink.close() });
  const cluster = await startAlertmanagers({
    ...{ programs: programs.alertmanager, folder: root, ports: alertmanagers, clusterPorts: ports.slice(3, 6) },
    ...{ webhook: webhook!, groupInterval: GROUP_INTERVAL },
  });
  started.push(...cluster);
  const evaluator = await startAlerting({
    ...{ folder: join(root, 'direct'), port: direct!, documents: alertDocuments([...names.direct, ...names.wait]) },
    ...{ alertmanagers, hold: ALERT_HOLD },
  });
  started.push(evaluator);
  const other = await startAlerting({
    ...{ folder: join(root, 'ruled'), port: ruled!, documents: alertDocuments([...byRule.rule, ...byRule.wait]) },
    ...{ alertmanagers: [], hold: ALERT_HOLD },
  });
  started.push(other);
  for (const [index, replica] of ['a', 'b'].entries())
    started.push(
      await startPrometheus({
        ...{ programs: programs.prometheus, folder: join(root, `prometheus-${replica}`), port: ports[6 + index]! },
        ...{ replica, evaluators: [direct!, ruled!], alertmanagers },
      }),
    );
  // A cluster tells nobody before it has settled.
  await sleep(15_000);

  const urls = { direct: `http://127.0.0.1:${direct}`, ruled: `http://127.0.0.1:${ruled}` };
  const gap = ROUND_MS / each;
  // The rules see the other evaluator first, before anything is killed: their alerts last for minutes.
  const ruledBreaches = breachAll(urls.ruled, byRule.rule, 300, HOLD_MS);
  const ruledWaiting = breachAll(urls.ruled, byRule.wait, 300, WAIT_HOLD_MS);
  const waiting = breachAll(urls.direct, names.wait, 300, WAIT_HOLD_MS);
  await Promise.all([ruledBreaches, ruledWaiting, waiting]);
  await sleep(10_000);

  const kills = killAll(
    cluster.flatMap((one) => [evaluator, one]),
    Number(options.kills),
    ROUNDS * ROUND_MS,
  );
  const breaches: Breach[] = [];
  const running: Promise<void>[] = [];
  for (let round = 0; round < ROUNDS; round++)
    breaches.push(...(await roundOf(urls.direct, names.direct, gap, running)));
  const killed = await kills;
  await Promise.all(running);
  await sleep(ROUND_MS - HOLD_MS);

  const main = judge(breaches, sink.heard);
  const result = {
    direct: latency(main),
    rule: latency(judge(await ruledBreaches, sink.heard)),
    group_wait_30s: {
      direct: latency(judge(await waiting, sink.heard)),
      rule: latency(judge(await ruledWaiting, sink.heard)),
    },
    duplicates: main.duplicates,
    refires: main.refires,
    lost: main.lost,
    repeats_that_receivers_merge: main.repeats,
    breaches: breaches.length,
    kills: killed.length,
    set_up: `scrape and evaluation 1 s, two Prometheus, three Alertmanagers (peer-timeout ${PEER_TIMEOUT_MS} ms), group_interval 5 s, breaches of 15 s`,
  };
  if (options.json) console.log(JSON.stringify(result));
  else console.dir(result, { depth: 4 });
}

/** One breach of each guard-rail, spread over a round. Resolves when the next round may begin; what still runs is added to `running`. */
async function roundOf(
  url: string,
  names: readonly string[],
  gap: number,
  running: Promise<void>[],
): Promise<Breach[]> {
  const began = Date.now();
  const begun = names.map(async (guardrail, index): Promise<Breach> => {
    await sleep(index * gap);
    const from = Date.now();
    running.push(breach(url, guardrail, HOLD_MS));
    return { guardrail, from, until: from + ROUND_MS };
  });
  const breaches = await Promise.all(begun);
  await sleep(Math.max(0, began + ROUND_MS - Date.now()));
  return breaches;
}

const root = mkdtempSync(join(tmpdir(), 'guardspan-alert-bench-'));
const started: { stop(): void }[] = [];
const stopAll = (): void => {
  for (const one of started.splice(0).reverse()) one.stop();
};
// An error that nobody catches must leave no program behind either.
process.on('exit', stopAll);
try {
  await measure(root, started);
} finally {
  stopAll();
  await sleep(500);
  rmSync(root, { recursive: true, force: true });
}
