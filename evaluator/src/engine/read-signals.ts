import type { CompiledWindowed, SignalEnv } from '@guardspan/policy';
import type { BucketWindow } from '../count/bucket-window.js';
import { FRACTION } from '../count/bucket-window.js';
import type { Layout, SignalLayout } from '../count/layout.js';
import { wilsonLower, wilsonUpper } from '../count/wilson-interval.js';
import type { SignalReading } from './types.js';

/** An environment to be filled again and again by {@link readSignals}. */
export function createSignalEnv(): SignalEnv {
  return { value: {}, samples: {}, lower: {}, upper: {} };
}

/** A signal to be read, and whether its interval is wanted. */
export interface SignalRead {
  signal: SignalLayout;
  interval: boolean;
}

/** Every signal with all that can be said of it: for people. */
export function readsOfAll(layout: Layout): SignalRead[] {
  return layout.signals.map((signal) => ({ signal, interval: signal.fn === 'ratio' }));
}

/** What the conditions of a guard-rail read and no more: for judging. */
export function readsOfConditions(layout: Layout, compiled: CompiledWindowed): SignalRead[] {
  return readsOfAll(layout)
    .filter(({ signal }) => compiled.reads.includes(signal.name))
    .map(({ signal, interval }) => ({ signal, interval: interval && compiled.readsInterval.includes(signal.name) }));
}

/** Fills `env` with the values of a window's signals. `seconds` is the time that the window covers (for rates). */
export function readSignals(window: BucketWindow, seconds: number, reads: readonly SignalRead[], env: SignalEnv): void {
  for (let i = 0; i < reads.length; i++) {
    const { signal, interval } = reads[i]!;
    const { name, slot, fn } = signal;
    const n = window.total(slot);
    let value: number;
    let lower = NaN;
    let upper = NaN;
    if (fn === 'quantile') {
      value = window.histograms[signal.histogram]!.quantile(signal.q);
    } else if (fn === 'sum' || fn === 'mean') {
      const sum = window.total(slot + 1) + window.total(slot + 2) / FRACTION;
      value = fn === 'sum' ? sum : n === 0 ? NaN : sum / n;
    } else {
      const k = window.total(slot + 1);
      value = fn === 'count' ? k : fn === 'rate' ? k / seconds : n === 0 ? NaN : k / n;
      if (interval) {
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
