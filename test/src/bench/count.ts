import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createModelCall, type RecordedCall } from '@guardspan/policy';
import {
  boundCollections,
  createEngine,
  loopPace,
  openSqliteStore,
  type Engine,
  type Pace,
} from '@guardspan/evaluator';
import { CpuClock } from './count/cpu-clock.js';
import { documents, MIXED_SIGNALS, MixedCalls, mixedGuardrails } from './count/mixed-calls.js';

const T0 = 1_800_000_000;
const SERIES = 100_000;
const BUCKETS = 60;
/** Series whose bucket closes at one time. */
const CLOSING = 10_000;
const BATCH = 512;
const BATCHES = 500;
const WARM_UP = 150;

/** Collects garbage before something is weighed. */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const micro = (seconds: number, calls: number): number => Math.round((seconds / calls) * 1e8) / 100;

/**
 * The mix of DESIGN: 20 matching guard-rails, 1,000 series, batches of 512 calls with new ids at about 25,000 a second, a checkpoint each
 * quarter of a second. Only the engine's CPU counts (all threads, its garbage included), not making the calls.
 */
function mix(others: number) {
  const engine = createEngine({ newId: () => 'bench' });
  engine.load(mixedGuardrails(others), T0);
  const calls = new MixedCalls(BATCH);
  let counting = new CpuClock();
  let storing = new CpuClock();
  for (let i = 0; i < BATCHES; i++) {
    if (i === WARM_UP) {
      counting = new CpuClock();
      storing = new CpuClock();
    }
    const now = T0 + i * 0.02;
    const batch = calls.fill(now);
    counting.run(() => engine.accept(batch, now));
    if (i % 12 === 0) storing.run(() => engine.takeCheckpoint());
  }
  const counted = (BATCHES - WARM_UP) * BATCH;
  return {
    guardrails: 20 + others,
    matching: 20,
    series: engine.stats().series,
    increments_per_call: MIXED_SIGNALS,
    us_per_call: micro(counting.seconds, counted),
    checkpoint_us_per_call: micro(storing.seconds, counted),
    calls_per_cpu_s: Math.round(counted / (counting.seconds + storing.seconds)),
    increments_per_cpu_s: Math.round((counted * MIXED_SIGNALS) / counting.seconds),
  };
}

/** How long work held the thread: by the clock, and by its CPU time, to which other processes on the machine add nothing. */
interface Hold {
  wall_ms: number;
  cpu_ms: number;
}

/** What {@link windows} measures. */
interface Windows {
  series: number;
  buckets: number;
  increments_per_cpu_s: number;
  judgements_per_cpu_s: number;
  stored_buckets_per_cpu_s: number;
  bytes_per_series: number;
  megabytes: number;
  /** Longest that a slice of closing a bucket held the event loop while all series were judged, that a slice of taking a checkpoint of all series did, and that a turn did while one was written, milliseconds. */
  longest_close: Hold;
  longest_checkpoint: Hold;
  longest_write: Hold;
}

type Checkpoint = Awaited<ReturnType<Engine['checkpoint']>>;

const RATE = 'rate: "error.type != \'\'"';
const QUANTILE = 'quantile: 0.95, of: duration';

/** Series of 60 buckets, one signal each: what an increment costs where no cache helps, what judging and storing cost, what the windows weigh, and how long closes hold the loop. */
async function windows(size: number, signal: string, callsPerBucket: number): Promise<Windows> {
  const slices: (() => void)[] = [];
  const pace: Pace = { ...loopPace(), later: (resume) => void slices.push(resume) };
  const drain = (longest: Hold): void => {
    for (let slice = slices.shift(); slice !== undefined; slice = slices.shift()) hold(longest, slice);
  };
  const engine = createEngine({ newId: () => 'bench', maxSeries: size, pace });
  engine.load(
    documents(
      [
        'apiVersion: guardspan/v1alpha1',
        'kind: Guardrail',
        'metadata: {name: bench}',
        'spec:',
        `  over: {window: 60s, every: 1s, groupBy: [tenant], minSamples: 100, signals: {value: {${signal}}}}`,
        '  when: "value > 1000000.0"',
        '  action: {annotate: {attributes: {slow: "yes"}}}',
        '  mode: warn',
      ].join('\n'),
    ),
    T0,
  );
  const tenants = Array.from({ length: size }, (_, i) => `tenant-${i}`);
  // One batch, filled again and again: calls are not kept in an evaluator either, and what is kept makes collecting garbage slow.
  const records = Array.from({ length: BATCH }, (): RecordedCall => {
    const call = createModelCall();
    call.service = 'bench';
    // No ids: the mix measures de-duplication.
    const id = { traceId: '', spanId: '', callId: '' };
    return { call, id, source: 'feed', sampled: false, instance: '', incarnation: '' };
  });
  const batchFrom = (first: number, now: number, bucket: number): readonly RecordedCall[] => {
    const length = Math.min(BATCH, size - first);
    for (let i = 0; i < length; i++) {
      const { call } = records[i]!;
      call.tenant = tenants[first + i]!;
      call.startedAt = now;
      call.duration = 0.2 + (((first + i) * 37 + bucket * 11) % 100) / 100;
    }
    return length === BATCH ? records : records.slice(0, length);
  };
  const memory = (): number => {
    // Twice: buffers of what the first finds are freed by the second.
    collect();
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = memory();
  const counting = new CpuClock();
  const judging = new CpuClock();
  const storing = new CpuClock();
  const longestClose: Hold = { wall_ms: 0, cpu_ms: 0 };
  const longestCheckpoint: Hold = { wall_ms: 0, cpu_ms: 0 };
  const checkpoints: Checkpoint[] = [];
  // Beyond the window, so that buckets are closed and expired as in a process that runs for long.
  const rounds = BUCKETS + 5;
  for (let bucket = 0; bucket < rounds; bucket++) {
    const now = T0 + bucket + 0.5;
    judging.run(() => {
      hold(longestClose, () => engine.tick(now));
      drain(longestClose);
    });
    for (let first = 0; first < size; first += BATCH) {
      const batch = batchFrom(first, now, bucket);
      counting.run(() => {
        for (let i = 0; i < callsPerBucket; i++) engine.accept(batch, now);
      });
    }
    const taken = engine.checkpoint();
    storing.run(() => drain(longestCheckpoint));
    checkpoints[0] = await taken;
  }
  const increments = size * rounds * callsPerBucket;
  const written = await longestTurn(checkpoints.pop()!);
  const bytes = memory() - before;
  return {
    series: engine.stats().series,
    buckets: BUCKETS,
    increments_per_cpu_s: Math.round(increments / counting.seconds),
    judgements_per_cpu_s: Math.round((size * (rounds - 1)) / judging.seconds),
    stored_buckets_per_cpu_s: Math.round((size * rounds) / storing.seconds),
    bytes_per_series: Math.round(bytes / size),
    megabytes: Math.round(bytes / 2 ** 20),
    longest_close: longestClose,
    longest_checkpoint: longestCheckpoint,
    longest_write: written,
  };
}

/** Longest turn of the event loop while a checkpoint is written to disk. */
async function longestTurn(checkpoint: Checkpoint): Promise<Hold> {
  const directory = mkdtempSync(join(tmpdir(), 'guardspan-bench-'));
  const store = await openSqliteStore({ directory });
  const longest: Hold = { wall_ms: 0, cpu_ms: 0 };
  let over = false;
  const written = store.commitCheckpoint(checkpoint).finally(() => (over = true));
  while (!over) {
    const turn = start();
    await new Promise((resolve) => setImmediate(resolve));
    keep(longest, turn);
  }
  await written;
  await store.close();
  rmSync(directory, { recursive: true });
  return longest;
}

/** Does the work and keeps in `longest` what is longer than before. */
function hold(longest: Hold, work: () => void): void {
  const turn = start();
  work();
  keep(longest, turn);
}

interface Turn {
  at: number;
  cpu: NodeJS.CpuUsage;
}

function start(): Turn {
  return { at: performance.now(), cpu: process.threadCpuUsage() };
}

function keep(longest: Hold, { at, cpu }: Turn): void {
  const { user, system } = process.threadCpuUsage(cpu);
  longest.wall_ms = Math.max(longest.wall_ms, Math.round((performance.now() - at) * 10) / 10);
  longest.cpu_ms = Math.max(longest.cpu_ms, Math.round((user + system) / 100) / 10);
}

// As `guardspan serve` does: how long collections hold the thread is part of what is measured.
boundCollections();
const result = {
  node: process.version,
  mix: mix(0),
  mix_of_1000: mix(980),
  closing: await windows(CLOSING, RATE, 2),
  closing_histograms: await windows(CLOSING, QUANTILE, 2),
  windows: await windows(SERIES, RATE, 2),
};
if (process.argv.includes('--json')) console.log(JSON.stringify(result));
else console.dir(result);
