import { compileWindowed, createModelCall, loadGuardrails, type RecordedCall } from '@guardspan/policy';
import { createEngine } from '@guardspan/evaluator';

const SERIES = 100_000;
const BUCKETS = 60;
const T0 = 1_800_000_000;

/** Fills 100,000 rate series with 60 buckets each, and prints what an increment costs and what the windows weigh. */
function main(): void {
  const { guardrails, errors } = loadGuardrails(
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
    { file: 'bench.yaml' },
  );
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  const engine = createEngine({ newId: () => 'bench', maxSeries: SERIES, compile: compileWindowed });
  engine.load(guardrails, T0);
  const records = Array.from({ length: SERIES }, (_, i): RecordedCall => {
    const call = createModelCall();
    call.service = 'bench';
    call.tenant = `tenant-${i}`;
    // No ids: this measures counting; de-duplication is part of `bench ingest`.
    const id = { traceId: '', spanId: '', callId: '' };
    return { call, id, source: 'feed', sampled: false, instance: '', incarnation: '' };
  });
  const memory = (): number => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  globalThis.gc?.();
  const before = memory();
  const cpu = process.cpuUsage();
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const now = T0 + bucket + 0.5;
    for (const { call } of records) call.startedAt = now;
    engine.accept(records, now);
    engine.takeCheckpoint();
  }
  const { user, system } = process.cpuUsage(cpu);
  globalThis.gc?.();
  const seconds = (user + system) / 1e6;
  const result = {
    series: engine.stats().series,
    buckets: BUCKETS,
    increments_per_cpu_s: Math.round((SERIES * BUCKETS) / seconds),
    bytes_per_series: Math.round((memory() - before) / SERIES),
    includes: 'judging each series once a bucket and taking a checkpoint',
    collected: globalThis.gc !== undefined,
  };
  if (process.argv.includes('--json')) console.log(JSON.stringify(result));
  else console.table(result);
}

main();
