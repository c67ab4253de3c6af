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
    /** How often each guard-rail is violated. More than once measures what `direct_repeat` does, too. */
    rounds: { type: 'string', default: '1' },
    /** Over how many seconds breaches and kills are spread. */
    spread: { type: 'string', default: '192' },
    /** `--dispatch.maintenance-interval` of the Alertmanagers; theirs is 30s. */
    sweep: { type: 'string', default: '30s' },
    /** Leaves the rules and the groups that wait out. */
    'direct-only': { type: 'boolean', default: false },
    /** Prints the slowest breaches to standard error, each with what was killed around it. */
    slowest: { type: 'string', default: '0' },
  },
});
const GROUP_INTERVAL = 5;
/** Every breach lasts three intervals of its group. Milliseconds. */
const HOLD_MS = 3 * GROUP_INTERVAL * 1000;
/** `alertHold`: long enough that nobody takes two breaches for one incident, short enough that the benchmark ends. Seconds. */
const ALERT_HOLD = 3;
/** From the beginning of a breach of a guard-rail to its next: the breach, its end, its hold, the last notification, and what a restart may delay. */
const ROUND_MS = HOLD_MS + 33_000;
const ROUNDS = Number(options.rounds);
const SPREAD_MS = Number(options.spread) * 1000;
/** Breaches of groups that wait 30 s, and how long they last: longer than their group waits. Milliseconds. */
const WAITING = 10;
const WAIT_HOLD_MS = 40_000;

/**
 * Guard-rails that are violated once more, this long after their first breach ended: `direct_repeat`. Alertmanager keeps the empty group of an alert that ended until
 * it sweeps (`--sweep`, each 30 s), and tells of an alert that comes into such a group at the next tick of `group_interval`, whatever `group_wait` says. The bound is therefore
 * `group_interval` and not 2 s, for every sender; `--dispatch.maintenance-interval` of Alertmanager shortens it.
 */
const REPEATING = 10;
const BACK_AFTER_MS = 10_000;

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

/** The second breach of each of these guard-rails. Resolves when all have ended. */
async function breachAgain(url: string, names: readonly string[], gap: number): Promise<Breach[]> {
  return Promise.all(
    names.map(async (guardrail, index) => {
      await sleep(index * gap);
      await breach(url, guardrail, HOLD_MS);
      await sleep(BACK_AFTER_MS);
      const from = Date.now();
      await breach(url, guardrail, HOLD_MS);
      return { guardrail, from, until: from + 600_000 };
    }),
  );
}

/** One kill: of what, when, and when it answered again. Milliseconds. */
interface Kill {
  name: string;
  at: number;
  back: number;
}

/** Kills one after the other, the next only when the one before is back. */
async function killAll(targets: readonly Restartable[], count: number, time: number): Promise<Kill[]> {
  const killed: Kill[] = [];
  const began = Date.now();
  for (let index = 0; index < count; index++) {
    // Never in step with the breaches, or none would fall into the time that a restart takes.
    const due = began + ((index + ((index * 0.618_033_988_749_895) % 1)) * time) / count;
    await sleep(Math.max(0, due - Date.now()));
    const target = targets[index % targets.length]!;
    const at = Date.now();
    await target.crash();
    killed.push({ name: target.name, at, back: Date.now() });
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
  const again = guardrailNames('repeat', REPEATING);
  const byRule = { rule: guardrailNames('rule', each), wait: guardrailNames('waitrule', WAITING) };
  const [webhook, direct, ruled, ...ports] = await freePorts(11);
  const alertmanagers = ports.slice(0, 3);
  const sink = new NotificationSink(webhook!);
  started.push({ stop: () => sink.close() });
  const cluster = await startAlertmanagers({
    ...{ programs: programs.alertmanager, folder: root, ports: alertmanagers, clusterPorts: ports.slice(3, 6) },
    ...{ webhook: webhook!, groupInterval: GROUP_INTERVAL, sweep: options.sweep },
  });
  started.push(...cluster);
  const evaluator = await startAlerting({
    ...{
      folder: join(root, 'direct'),
      port: direct!,
      documents: alertDocuments([...names.direct, ...names.wait, ...again]),
    },
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
  const roundMs = ROUNDS === 1 ? SPREAD_MS : Math.max(ROUND_MS, SPREAD_MS / ROUNDS);
  const gap = roundMs / each;
  const first = (some: readonly string[]): readonly string[] => (options['direct-only'] ? [] : some);
  // The rules see the other evaluator first, before anything is killed: their alerts last for minutes.
  const ruledBreaches = breachAll(urls.ruled, first(byRule.rule), 300, HOLD_MS);
  const ruledWaiting = breachAll(urls.ruled, first(byRule.wait), 300, WAIT_HOLD_MS);
  const waiting = breachAll(urls.direct, first(names.wait), 300, WAIT_HOLD_MS);
  const repeated = breachAgain(urls.direct, first(again), 700);
  await Promise.all([ruledBreaches, ruledWaiting, waiting, repeated]);
  if (!options['direct-only']) await sleep(10_000);

  const kills = killAll(
    cluster.flatMap((one) => [evaluator, one]),
    Number(options.kills),
    ROUNDS * roundMs,
  );
  const breaches: Breach[] = [];
  const running: Promise<void>[] = [];
  for (let round = 0; round < ROUNDS; round++)
    breaches.push(...(await roundOf(urls.direct, names.direct, gap, roundMs, running)));
  const killed = await kills;
  await Promise.all(running);
  await sleep(ROUND_MS - HOLD_MS);

  const main = judge(breaches, sink.heard);
  printSlowest(breaches, sink, killed, Number(options.slowest));
  const result = {
    direct: latency(main),
    rule: latency(judge(await ruledBreaches, sink.heard)),
    direct_repeat: {
      ...latency(judge(await repeated, sink.heard)),
      back_after_ms: BACK_AFTER_MS,
      bound: `group_interval: Alertmanager sweeps the empty group of an ended alert each ${options.sweep}`,
    },
    group_wait_30s: {
      direct: latency(judge(await waiting, sink.heard)),
      rule: latency(judge(await ruledWaiting, sink.heard)),
    },
    duplicates: main.duplicates,
    refires: main.refires,
    lost: main.lost,
    repeats_that_receivers_merge: main.repeats,
    breaches: breaches.length,
    breaches_of_each_guardrail: ROUNDS,
    kills: killed.length,
    set_up: `scrape and evaluation 1 s, two Prometheus, three Alertmanagers (peer-timeout ${PEER_TIMEOUT_MS} ms), group_interval 5 s, breaches of 15 s`,
  };
  if (options.json) console.log(JSON.stringify(result));
  else console.dir(result, { depth: 4 });
}

/** Where the time of the slowest breaches went, as far as kills tell. */
function printSlowest(
  breaches: readonly Breach[],
  sink: NotificationSink,
  kills: readonly Kill[],
  count: number,
): void {
  const timed = breaches.map((one) => ({ ...one, latency: judge([one], sink.heard).latencies[0] ?? Infinity }));
  for (const { guardrail, from, latency: took } of timed.sort((a, b) => b.latency - a.latency).slice(0, count)) {
    const near = kills.filter(({ at, back }) => at < from + took && back > from - 5000);
    const told = near.map(({ name, at, back }) => `${name} away from ${at - from} to ${back - from} ms`);
    console.error(`${guardrail}: ${took} ms; ${told.join('; ') || 'nothing was killed'}`);
  }
}

/** One breach of each guard-rail, spread over a round. Resolves when the next round may begin; what still runs is added to `running`. */
async function roundOf(
  url: string,
  names: readonly string[],
  gap: number,
  length: number,
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
  await sleep(Math.max(0, began + length - Date.now()));
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
