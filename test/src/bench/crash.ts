import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CRASH_DOCUMENTS } from './crash/documents.js';
import { Feeder } from './crash/feeder.js';
import { Operator } from './crash/operator.js';
import { brokenLinks, OnRecord, verdictSequence } from './crash/record.js';
import { countedBatch, judgedBatch } from './crash/streams.js';
import { Target } from './crash/target.js';
import { startEvaluator } from './process/evaluator-process.js';
import { feedRequest } from './process/feed-request.js';
import { quantile } from './process/quantile.js';
import { createRandom } from './support/random.js';

/** Batches of the counted stream that are under way at a time. */
const CONCURRENCY = 6;
/** Share of batches that are sent once more after they were acknowledged. */
const REPEATED = 0.1;
/** Share of kills while the evaluator starts. */
const KILLED_AT_START = 0.15;
/** Longest life after its start, milliseconds. */
const LIFE = 700;
/** Milliseconds between two batches of the judged stream, so that each starts after the verdicts of the one before. */
const JUDGED_PAUSE = 3;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const root = mkdtempSync(join(tmpdir(), 'guardspan-crash-'));
const guardrails = join(root, 'guardrails');

/** Kills an evaluator under traffic, and compares what it has on record with what it acknowledged. */
async function main(): Promise<void> {
  const kills = Number(options.kills);
  const random = createRandom(Number(options.seed));
  mkdirSync(guardrails);
  writeFileSync(join(guardrails, 'crash.yaml'), CRASH_DOCUMENTS);
  const target = new Target();
  const feeder = new Feeder(target);
  const operator = new Operator(target);
  let stopped = false;
  let judged = 0;

  const feedJudged = async (): Promise<void> => {
    for (; !stopped; judged++) {
      await feeder.send('crash-judged', judgedBatch(judged, Date.now() / 1000));
      await sleep(JUDGED_PAUSE);
    }
  };
  let next = 0;
  const feedCounted = async (): Promise<void> => {
    while (!stopped) {
      const calls = countedBatch(next++, Date.now() / 1000);
      await feeder.send('crash-counted', calls);
      if (random() < REPEATED) await feeder.deliver(feedRequest('crash-counted', calls));
    }
  };
  const began = performance.now();
  const traffic = Promise.all([feedJudged(), ...Array.from({ length: CONCURRENCY }, feedCounted), operator.run()]);
  let failure: unknown;
  traffic.catch((error: unknown) => (failure = error));

  const restarts: number[] = [];
  const start = (): ReturnType<typeof startEvaluator> => startEvaluator({ dataDir: join(root, 'data'), guardrails });
  for (let kill = 1; kill <= kills; kill++) {
    const startedAt = performance.now();
    const evaluator = start();
    if (random() < KILLED_AT_START) await sleep(random() * quantile(restarts, 0.5) || 0);
    else {
      target.up(await evaluator.url);
      restarts.push(performance.now() - startedAt);
      await sleep(random() * LIFE);
    }
    target.down();
    await evaluator.kill('SIGKILL');
    if (failure !== undefined) throw failure;
    if (!options.json && kill % 10 === 0) process.stderr.write(`${kill} kills\n`);
  }
  const evaluator = start();
  const url = await evaluator.url;
  target.up(url);
  stopped = true;
  operator.stop();
  await traffic;

  const record = new OnRecord(url);
  const audit = await record.audit();
  const lost = await record.lost(operator, audit);
  const wrong = await record.wrongCounts(feeder.truth);
  const sequence = verdictSequence(audit);
  record.close();
  operator.close();
  feeder.close();
  await evaluator.kill('SIGTERM');
  const expected = await uninterrupted(judged);
  const seconds = (performance.now() - began) / 1000;

  const result = {
    kills,
    lost_rows: lost,
    wrong_counts: wrong,
    same_verdicts: sequence.join('\n') === expected.join('\n'),
    broken_links: brokenLinks(audit),
    acknowledged_rows: operator.acknowledged,
    acknowledged_records: feeder.acknowledged,
    audit_records: audit.length,
    verdict_changes: sequence.length,
    repeated_requests: feeder.retries,
    restart_ms: { p50: Math.round(quantile(restarts, 0.5)), max: Math.round(quantile(restarts, 1)) },
    seconds: Math.round(seconds),
  };
  if (options.json) console.log(JSON.stringify(result));
  else console.table(result);
  if (!result.same_verdicts) explain(sequence, expected);
  const good = sequence.length > 0 && lost === 0 && wrong === 0 && result.same_verdicts && result.broken_links === 0;
  process.exitCode = good ? 0 : 1;
}

/** Verdicts on the same records without a kill. */
async function uninterrupted(batches: number): Promise<string[]> {
  const evaluator = startEvaluator({ dataDir: join(root, 'uninterrupted'), guardrails, flags: ['--ack', 'memory'] });
  const target = new Target();
  const url = await evaluator.url;
  target.up(url);
  const feeder = new Feeder(target);
  for (let n = 0; n < batches; n++) {
    await feeder.send('crash-judged', judgedBatch(n, Date.now() / 1000));
    await sleep(JUDGED_PAUSE);
  }
  feeder.close();
  // The audit follows with the next commit.
  await sleep(1000);
  const record = new OnRecord(url);
  const sequence = verdictSequence(await record.audit());
  record.close();
  await evaluator.kill('SIGTERM');
  return sequence;
}

function explain(found: readonly string[], expected: readonly string[]): void {
  const at = expected.findIndex((one, i) => one !== found[i]);
  const place = at < 0 ? expected.length : at;
  process.stderr.write(
    `verdict ${place}: found "${found[place]}", expected "${expected[place]}" (${found.length} and ${expected.length})\n`,
  );
}

try {
  await main();
} finally {
  rmSync(root, { recursive: true, force: true });
}
