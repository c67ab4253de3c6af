import { quantile } from '../process/quantile.js';
import type { Contender } from './contender.js';

const WARM_UP = 3_000;
const RUNS = 6_000;
/** Milliseconds of the warm-up at most; measuring takes twice that, and as long as it needs for {@link MIN_RUNS}. */
const MAX_MS = 1_500;
const MIN_RUNS = 30;

/** Microseconds of one decision: median and 99th percentile. */
export interface Latency {
  p50_us: number;
  p99_us: number;
}

/** Measures each decision by itself, after a warm-up. Texts are made anew, as those of requests are. */
export async function measure(contender: Contender, makePrompt: () => string): Promise<Latency> {
  const times: number[] = [];
  const until = performance.now() + MAX_MS;
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    // A contender that takes milliseconds is known after fewer runs; its warm-up is a third of them too.
    if (performance.now() > until && times.length === 0) run = WARM_UP;
    if (performance.now() > until + 2 * MAX_MS && times.length >= MIN_RUNS) break;
    const prompt = makePrompt();
    const began = performance.now();
    const decision = contender.decide(prompt);
    if (decision instanceof Promise) await decision;
    if (run >= WARM_UP) times.push((performance.now() - began) * 1000);
  }
  return { p50_us: round(quantile(times, 0.5)), p99_us: round(quantile(times, 0.99)) };
}

const round = (value: number): number => Math.round(value * 10) / 10;
