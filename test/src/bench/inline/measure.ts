import { quantile } from '../process/quantile.js';
import type { Contender } from './contender.js';

const WARM_UP = 3_000;
const RUNS = 6_000;

/** Microseconds of one decision: median and 99th percentile. */
export interface Latency {
  p50_us: number;
  p99_us: number;
}

/** Measures each decision by itself, after a warm-up. Texts are made anew, as those of requests are. */
export async function measure(contender: Contender, makePrompt: () => string): Promise<Latency> {
  const times: number[] = [];
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    const prompt = makePrompt();
    const began = performance.now();
    const decision = contender.decide(prompt);
    if (decision instanceof Promise) await decision;
    if (run >= WARM_UP) times.push((performance.now() - began) * 1000);
  }
  return { p50_us: round(quantile(times, 0.5)), p99_us: round(quantile(times, 0.99)) };
}

const round = (value: number): number => Math.round(value * 10) / 10;
