/** What the advisory detector says of a series that has one value in each bucket. It promises nothing and acts on nothing. */
export interface AdvisoryReport {
  /** Always this word, so that nobody takes it for a verdict. */
  label: 'advisory';
  /** How far the last value is from the middle of those before it, in their usual spread (scaled median absolute deviation). Null while there are too few. */
  score: number | null;
  /** Score from which on a value is unusual. */
  threshold: number;
  /** Values that were unusual since the series began, and start of the bucket of the last of them, seconds; -1 before. */
  unusual: number;
  lastAt: number;
}

/** State of the detector; JSON. */
export interface AdvisoryState {
  /** The latest values, oldest first. */
  values: readonly number[];
  score: number;
  unusual: number;
  lastAt: number;
  /** Buckets until another value can be unusual. */
  quiet: number;
}

const WINDOW = 96;
const MIN_VALUES = 30;
const THRESHOLD = 6;
/** A value that is followed by others like it is one finding. */
const REFRACTORY = 12;
/** Median absolute deviations of a normal distribution in one standard deviation. */
const SCALE = 1.4826;

/** State before the first value. */
export function initialAdvisory(): AdvisoryState {
  return { values: [], score: NaN, unusual: 0, lastAt: -1, quiet: 0 };
}

/**
 * Takes the value of a bucket that began at `at` (seconds): compares it with the median of the last {@link WINDOW} ones. Neighbouring values of such a series depend on each
 * other, so nothing bounds how often this is wrong, and none of it is evidence. Pure.
 */
export function advise(before: AdvisoryState, value: number, at: number): AdvisoryState {
  const { values } = before;
  const score = scoreOf(values, value);
  const quiet = Math.max(0, before.quiet - 1);
  const found = score >= THRESHOLD && quiet === 0;
  return {
    values: [...values.slice(-(WINDOW - 1)), value],
    score,
    unusual: before.unusual + (found ? 1 : 0),
    lastAt: found ? at : before.lastAt,
    quiet: found ? REFRACTORY : quiet,
  };
}

/** The state for people. */
export function advisoryReport({ score, unusual, lastAt }: AdvisoryState): AdvisoryReport {
  return { label: 'advisory', score: Number.isNaN(score) ? null : score, threshold: THRESHOLD, unusual, lastAt };
}

function scoreOf(values: readonly number[], value: number): number {
  if (values.length < MIN_VALUES) return NaN;
  const middle = medianOf(values);
  const spread = SCALE * medianOf(values.map((one) => Math.abs(one - middle)));
  const distance = Math.abs(value - middle);
  // Values that were all the same: any other one is unusual, and none is infinitely so.
  return distance === 0
    ? 0
    : Math.min(1000, distance / Math.max(spread, Number.EPSILON * Math.max(1, Math.abs(middle))));
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
