import type { CompiledWindowed, SignalFunction } from '@guardspan/policy';
import type { CallReader, CallReaders } from './call-reader.js';
import { normalQuantile } from './wilson-interval.js';

/** Places in a row of counters that every row has: number of the bucket, calls counted, calls that came too late. */
export const BUCKET = 0;
export const CALLS = 1;
export const LATE = 2;
const FIRST_SIGNAL = 3;

/** How a signal is counted: `hits` [n, k], `sum` [n, units, millionths], `histogram` [n] and a histogram. */
export const HITS = 0;
export const SUM = 1;
export const HISTOGRAM = 2;

/** One signal with its place in a row. */
export interface SignalLayout {
  name: string;
  fn: SignalFunction;
  kind: typeof HITS | typeof SUM | typeof HISTOGRAM;
  /** First place in a row: the number of calls in the denominator. */
  slot: number;
  /** Which histogram of the row; -1 unless `kind` is {@link HISTOGRAM}. */
  histogram: number;
  /** 0..1 for a quantile, NaN otherwise. */
  q: number;
  /** Normal quantile of the interval of a ratio. */
  z: number;
  reader: CallReader;
}

/** Shape of the rows of one guard-rail's series: what each signal counts and where. Two revisions never share a layout. */
export interface Layout {
  signals: readonly SignalLayout[];
  /** Doubles in a row, the bucket's number included. */
  width: number;
  histograms: number;
}

/** Lays the signals of a compiled guard-rail out in the order in which it lists them; their readers come from `readers`. */
export function layoutOf(signals: CompiledWindowed['signals'], readers: CallReaders): Layout {
  let slot = FIRST_SIGNAL;
  let histograms = 0;
  const placed = signals.map((signal): SignalLayout => {
    const kind = signal.fn === 'quantile' ? HISTOGRAM : signal.fn === 'sum' || signal.fn === 'mean' ? SUM : HITS;
    const at = slot;
    slot += kind === HITS ? 2 : kind === SUM ? 3 : 1;
    return {
      name: signal.name,
      fn: signal.fn,
      kind,
      slot: at,
      histogram: kind === HISTOGRAM ? histograms++ : -1,
      q: kind === HISTOGRAM ? (signal.q ?? NaN) : NaN,
      z: normalQuantile(signal.confidence),
      reader: readers.of(signal),
    };
  });
  return { signals: placed, width: slot, histograms };
}
