import { createModelCall, type RecordedCall } from '@guardspan/policy';
import { createEngine } from '@guardspan/evaluator';
import { CpuClock } from './count/cpu-clock.js';
import { documents, MIXED_SIGNALS, MixedCalls, mixedGuardrails } from './count/mixed-calls.js';

const T0 = 1_800_000_000;
const SERIES = 100_000;
const BUCKETS = 60;
const CALLS_PER_BUCKET = 2;
const BATCH = 512;
const BATCHES = 500;
const WARM_UP = 150;

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

/** 100,000 rate series of 60 buckets: what an increment costs where no cache helps, what judging and storing cost, and what the windows weigh. */
function windows() {
  const engine = createEngine({ newId: () => 'bench', maxSeries: SERIES });
  engine.load(
    documents(
      [
        'apiVersion: guardspan/v1alpha1',
        'kind: Guardrail',
        'metadata: {name: bench}',
        'spec:',
        '  over: {window: 60s, every: 1s, groupBy: [tenant], minSamples: 100, signals: {errors: {rate: "error.type != \'\'"}}}',
        '  when: "errors > 1000000.0"',
        '  action: {annotate: {attributes: {slow: "yes"}}}',
        '  mode: warn',
      ].join('\n'),
    ),
    T0,
  );
  const records = Array.from({ length: SERIES }, (_, i): RecordedCall => {
    const call = createModelCall();
    call.service = 'bench';
    call.tenant = `tenant-${i}`;
    // No ids: the mix measures de-duplication.
    const id = { traceId: '', spanId: '', callId: '' };
    return { call, id, source: 'feed', sampled: false, instance: '', incarnation: '' };
  });
  const memory = (): number => {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = memory();
  const counting = new CpuClock();
  const judging = new CpuClock();
  const storing = new CpuClock();
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const now = T0 + bucket + 0.5;
    judging.run(() => engine.tick(now));
    for (const { call } of records) call.startedAt = now;
    counting.run(() => {
      for (let i = 0; i < CALLS_PER_BUCKET; i++) engine.accept(records, now);
    });
    storing.run(() => engine.takeCheckpoint());
  }
  const increments = SERIES * BUCKETS * CALLS_PER_BUCKET;
  return {
    series: engine.stats().series,
    buckets: BUCKETS,
    increments_per_cpu_s: Math.round(increments / counting.seconds),
    judgements_per_cpu_s: Math.round((SERIES * (BUCKETS - 1)) / judging.seconds),
    stored_buckets_per_cpu_s: Math.round((SERIES * BUCKETS) / storing.seconds),
    bytes_per_series: Math.round((memory() - before) / SERIES),
    collected_before_weighing: globalThis.gc !== undefined,
  };
}

const result = { node: process.version, mix: mix(0), mix_of_1000: mix(980), windows: windows() };
if (process.argv.includes('--json')) console.log(JSON.stringify(result));
else console.dir(result);
