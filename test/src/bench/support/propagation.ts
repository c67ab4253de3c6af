import { setTimeout as sleep } from 'node:timers/promises';
import { OtlpBatch } from './otlp-batch.js';
import { percentile } from './percentile.js';
import type { Program } from './processes.js';
import { startHelper } from './processes.js';

/** Service whose processes the benchmark plays. */
export const SERVICE = 'bench';
/** Calls that a series needs before its threshold is judged. */
const MIN_SAMPLES = 10;

/** The guard-rail that each trial crosses with a model of its own. */
export const PROPAGATION_GUARDRAIL = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: propagation}
spec:
  match: {services: [${SERVICE}], models: ["trial-*"]}
  over:
    window: 60s
    every: 0s
    groupBy: [model]
    minSamples: ${MIN_SAMPLES}
    signals: {failed: {ratio: "error.type != ''"}}
  when: "failed > 0.5"
  limits: {maxScopes: 100000}
  action: {reroute: {to: previous, percent: 100}}
  mode: enforce
`;

/** Percentiles over all trials and all connections, ms. */
export interface Propagation {
  p50_ms: number;
  p99_ms: number;
  trials: number;
}

let trial = 0;

/**
 * Time from sending the one record that crosses a threshold to its directive being parsed in the client process, over `clients` connections.
 * @param feed URL that takes the record: the evaluator or a Collector
 */
export async function measurePropagation(
  evaluator: string,
  feed: string,
  clients: number,
  trials: number,
): Promise<Propagation> {
  const program = startHelper('clients', [evaluator, String(clients), SERVICE]);
  try {
    await message<{ ready: true }>(program, (value) => 'ready' in (value as object));
    // The joins of the clients are history when the first trial begins.
    await sleep(1000);
    const all: number[] = [];
    for (let done = 0; done < trials; done++) {
      const model = `trial-${process.pid}-${trial++}`;
      const failing = (count: number): OtlpBatch =>
        new OtlpBatch(
          SERVICE,
          'bench-feed',
          Array.from({ length: count }, () => ({ model, duration: 0.05, error: 'Timeout' })),
        );
      await post(feed, failing(MIN_SAMPLES - 1).renew());
      await sleep(50 + (done % 7) * 10);
      const enforced = message<{ scope: { model: string }; received: number[] }>(
        program,
        (value) => (value as { scope?: { model: string } }).scope?.model === model,
      );
      const crossing = failing(1).renew();
      const sentAt = Number(process.hrtime.bigint()) / 1e6;
      const posted = post(feed, crossing);
      for (const at of (await enforced).received) all.push(at - sentAt);
      await posted;
    }
    return { p50_ms: percentile(all, 0.5), p99_ms: percentile(all, 0.99), trials };
  } finally {
    await program.stop();
  }
}

/** Posts a feed request. @throws Error when it is not taken */
export async function post(url: string, batch: OtlpBatch): Promise<void> {
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: new Uint8Array(batch.body),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

/** The first message of a helper that fits. @throws Error after 30 s */
export function message<T>(program: Program, fits: (value: unknown) => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      program.child.off('message', listen);
      reject(new Error('nothing was enforced within 30 s'));
    }, 30_000);
    const listen = (value: unknown): void => {
      if (!fits(value)) return;
      clearTimeout(timer);
      program.child.off('message', listen);
      resolve(value as T);
    };
    program.child.on('message', listen);
  });
}
