/** Scale of every quantile histogram: base 2^(1/32), so that a bin's middle is within 1.09 % of each value in it. Fixed, so that any two histograms add. */
export const HISTOGRAM_SCALE = 5;

const BINS_PER_OCTAVE = 1 << HISTOGRAM_SCALE;
const MIN_EXPONENT = -30;
const MAX_EXPONENT = 40;
/** Added to a bin's index so that the smallest positive bin has key 1, zero has key 0 and negative values have negative keys. */
const BIAS = 1 - MIN_EXPONENT * BINS_PER_OCTAVE;
const MIN_MAGNITUDE = 2 ** MIN_EXPONENT;
const FACTOR = BINS_PER_OCTAVE / Math.LN2;

/** Largest key; values beyond 2^40 in magnitude count in the outermost bin. */
export const MAX_HISTOGRAM_KEY = MAX_EXPONENT * BINS_PER_OCTAVE - 1 + BIAS;

/**
 * Bin of a value, by the mapping of OpenTelemetry's exponential histogram (bin i covers (base^i, base^(i+1)], upper end included).
 * Keys increase with the value: negative values have negative keys, magnitudes up to 2^-30 count as zero.
 * `value` must not be NaN.
 */
export function histogramKey(value: number): number {
  const magnitude = Math.abs(value);
  if (magnitude <= MIN_MAGNITUDE) return 0;
  const key = positiveKey(magnitude);
  return value < 0 ? -key : key;
}

function positiveKey(magnitude: number): number {
  const key = Math.ceil(Math.log(magnitude) * FACTOR) - 1 + BIAS;
  // The logarithm is rounded: a power of two is the upper end of its bin and must not slip into the next one.
  const octave = Math.round(Math.log2(magnitude));
  const exact = 2 ** octave === magnitude ? octave * BINS_PER_OCTAVE - 1 + BIAS : key;
  return exact < 1 ? 1 : exact > MAX_HISTOGRAM_KEY ? MAX_HISTOGRAM_KEY : exact;
}

/** The value that stands for a bin: the harmonic middle of its ends, whose relative error to both ends is the same. */
export function histogramValue(key: number): number {
  if (key === 0) return 0;
  const index = Math.abs(key) - BIAS;
  const low = 2 ** (index / BINS_PER_OCTAVE);
  const high = 2 ** ((index + 1) / BINS_PER_OCTAVE);
  const middle = (2 * low * high) / (low + high);
  return key < 0 ? -middle : middle;
}
