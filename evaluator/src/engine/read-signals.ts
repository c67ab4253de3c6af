import type { SignalEnv } from '@guardspan/policy';
import type { BucketWindow } from '../count/bucket-window.js';
import { FRACTION } from '../count/bucket-window.js';
import { wilsonLower, wilsonUpper } from '../count/wilson-interval.js';
import type { SignalReading } from './types.js';

/** An environment to be filled again and again by {@link readSignals}. */
export function createSignalEnv(): SignalEnv {
  return { value: {}, samples: {}, lower: {}, upper: {} };
}

/** Fills `env` with the values of a window's signals. `seconds` is the time that the window covers (for rates). */
export function readSignals(window: BucketWindow, seconds: number, env: SignalEnv): void {
  const totals = window.totals;
  for (const signal of window.layout.signals) {
    const { name, slot, fn } = signal;
    const n = totals[slot]!;
    let value: number;
    let lower = NaN;
    let upper = NaN;
    if (fn === 'quantile') {
      value = window.histograms[signal.histogram]!.quantile(signal.q);
    } else if (fn === 'sum' || fn === 'mean') {
      const sum = totals[slot + 1]! + totals[slot + 2]! / FRACTION;
      value = fn === 'sum' ? sum : n === 0 ? NaN : sum / n;
    } else {
      const k = totals[slot + 1]!;
      value = fn === 'count' ? k : fn === 'rate' ? k / seconds : n === 0 ? NaN : k / n;
      if (fn === 'ratio') {
        lower = wilsonLower(k, n, signal.z);
        upper = wilsonUpper(k, n, signal.z);
      }
    }
    env.value[name] = value;
    env.samples[name] = n;
    env.lower[name] = lower;
    env.upper[name] = upper;
  }
}

/** Copies an environment into the form that transitions and views carry. */
export function toReadings(env: SignalEnv): { [name: string]: SignalReading } {
  const readings: { [name: string]: SignalReading } = {};
  for (const name of Object.keys(env.value)) {
    readings[name] = {
      value: env.value[name]!,
      samples: env.samples[name]!,
      lower: env.lower[name]!,
      upper: env.upper[name]!,
    };
  }
  return readings;
}
