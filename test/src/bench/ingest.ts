import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { guardrails, MATCHING } from './ingest/guardrails.js';
import { cpuSeconds, residentMegabytes } from './ingest/process-usage.js';
import { SPANS_PER_BATCH, TENANTS } from './ingest/span-batch.js';
import { startEvaluator } from './process/evaluator-process.js';
import { freePorts } from './support/processes.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Measured in turns, so that a noisy neighbour disturbs all alike. */
const ROUNDS = 3;
const SETTLE_MS = 500;
const MEASURE_MS = 2500;
/** Spans after which the compilers of a process have done their work, and how long that may take. */
const WARM_UP_SPANS = 150_000;
const WARM_UP_MS = 10_000;

interface Target {
  name: 'evaluator' | 'many rules' | 'collector';
  url: string;
  child: ChildProcess;
  stop(): Promise<void>;
  spans: number;
  cpu: number;
}

async function evaluator(name: 'evaluator' | 'many rules', folder: string, total: number): Promise<Target> {
  const documents = join(folder, `${total}`, 'guardrails');
  mkdirSync(documents, { recursive: true });
  writeFileSync(join(documents, 'bench.yaml'), guardrails(total));
  const started = startEvaluator({ dataDir: join(folder, `${total}`, 'data'), guardrails: documents });
  const url = await started.url;
  return { name, url, child: started.child, stop: () => started.kill('SIGTERM'), spans: 0, cpu: 0 };
}

async function collector(binary: string): Promise<Target> {
  const [grpc, http, health] = await freePorts(3);
  const child = spawn(binary, ['--config', join(ROOT, 'collector/bench-nop.yaml')], {
    stdio: 'ignore',
    env: {
      ...process.env,
      GUARDSPAN_COLLECTOR_GRPC_PORT: String(grpc),
      GUARDSPAN_COLLECTOR_HTTP_PORT: String(http),
      GUARDSPAN_COLLECTOR_HEALTH_PORT: String(health),
    },
  });
  const gone = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await gone;
  };
  for (const deadline = Date.now() + 30_000; Date.now() < deadline && child.exitCode === null; await sleep(50)) {
    const healthy = await fetch(`http://127.0.0.1:${health}/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return { name: 'collector', url: `http://127.0.0.1:${http}`, child, stop, spans: 0, cpu: 0 };
  }
  child.kill('SIGKILL');
  throw new Error('the Collector did not become healthy within 30 s');
}

/** Tells the generator where to send; resolves to the spans that were acknowledged so far. */
async function tell(generator: ChildProcess, message: { to?: string }): Promise<number> {
  const answer = once(generator, 'message') as Promise<[{ acknowledged: number; refused: number }]>;
  generator.send(message);
  const [{ acknowledged, refused }] = await answer;
  if (refused > 0) throw new Error(`${refused} spans were refused`);
  return acknowledged;
}

/** Sends until a target has run long enough to be measured. */
async function warmUp(target: Target, generator: ChildProcess): Promise<void> {
  const before = await tell(generator, { to: target.url });
  const deadline = Date.now() + WARM_UP_MS;
  while ((await tell(generator, {})) - before < WARM_UP_SPANS && Date.now() < deadline) await sleep(50);
  await tell(generator, { to: '' });
}

async function measure(targets: readonly Target[], generator: ChildProcess): Promise<void> {
  for (const target of targets) await warmUp(target, generator);
  for (let round = 0; round < ROUNDS; round++) {
    for (const target of targets) {
      await tell(generator, { to: target.url });
      await sleep(SETTLE_MS);
      const spans = await tell(generator, {});
      const cpu = cpuSeconds(target.child.pid!);
      await sleep(MEASURE_MS);
      target.spans += (await tell(generator, {})) - spans;
      target.cpu += cpuSeconds(target.child.pid!) - cpu;
      await tell(generator, { to: '' });
    }
  }
}

const ratio = (a: number, b: number): number => Math.round((a / b) * 1000) / 1000;

/** Spans per CPU-second of the evaluator and of a Collector that throws them away, on the same load in one run. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-bench-'));
  const targets: Target[] = [];
  const generator = fork(fileURLToPath(new URL('./ingest/generator.js', import.meta.url)));
  try {
    targets.push(await evaluator('evaluator', folder, MATCHING));
    targets.push(await evaluator('many rules', folder, 1000));
    const binary = process.env.GUARDSPAN_COLLECTOR_BIN;
    if (binary !== undefined && binary !== '') targets.push(await collector(binary));
    await measure(targets, generator);
    const result = (name: Target['name']): { spans_per_cpu_s: number; rss_mb: number } | null => {
      const target = targets.find((candidate) => candidate.name === name);
      if (target === undefined) return null;
      return { spans_per_cpu_s: Math.round(target.spans / target.cpu), rss_mb: residentMegabytes(target.child.pid!) };
    };
    const ours = result('evaluator')!;
    const theirs = result('collector');
    const output = {
      evaluator: ours,
      collector: theirs,
      ratio: theirs === null ? null : ratio(ours.spans_per_cpu_s, theirs.spans_per_cpu_s),
      many_rules_ratio: ratio(result('many rules')!.spans_per_cpu_s, ours.spans_per_cpu_s),
    };
    if (process.argv.includes('--json')) console.log(JSON.stringify(output));
    else {
      console.log(
        `${SPANS_PER_BATCH}-span protobuf batches, 25 attributes; ${MATCHING} matching guard-rails with ${MATCHING * TENANTS} series; ` +
          'SQLite, answered after the commit.',
      );
      console.table({ evaluator: ours, ...(theirs === null ? {} : { collector: theirs }) });
      console.log(`evaluator / Collector: ${output.ratio ?? 'no Collector'}`);
      console.log(`1,000 guard-rails / ${MATCHING}: ${output.many_rules_ratio}`);
    }
  } finally {
    generator.disconnect();
    await Promise.all(targets.map((target) => target.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
