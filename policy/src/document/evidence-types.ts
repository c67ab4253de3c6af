/** What a windowed guard-rail may test (docs/evidence.md). */
export const TEST_TYPES = ['rate', 'mean', 'latency', 'rateGap', 'drift', 'association'] as const;
/** One of {@link TEST_TYPES}. */
export type TestType = (typeof TEST_TYPES)[number];

/** `robust`: one bet on each bucket's average, whatever the dependence inside the bucket. `iid`: one on each call; refused when the calls of a bucket are alike. */
export const EVIDENCE_MODES = ['robust', 'iid'] as const;
/** One of {@link EVIDENCE_MODES}. */
export type EvidenceMode = (typeof EVIDENCE_MODES)[number];

/** Another series that is counted at the same time: same `groupBy` values, except this field. */
export interface ConcurrentArm {
  field: string;
  /** A value of the field, or `previous`: the one that was seen before this one. */
  value: string;
}

/** Where frozen counts come from. They belong to a version of a model and a view of its features. */
export interface BaselineOrigin {
  model: string;
  /** Empty: any. */
  version: string;
  /** Empty: any. */
  featureView: string;
  /** Calls that were counted. */
  calls: number;
  /** Seconds from epoch: start of the first and the last call. */
  from: number;
  to: number;
}

/** Seasons that a baseline can tell apart, by their number of cells. Hours and days are those of UTC; weeks begin on Monday. */
export const SEASONS = { hourOfDay: 24, dayOfWeek: 7, hourOfWeek: 168 } as const;
/** One of {@link SEASONS}. */
export type Season = keyof typeof SEASONS;

/** The counts of a baseline by cell of a season: the limit of a bucket is that of its cell. */
export interface BaselineSeason {
  by: Season;
  calls: number[];
  events: number[];
}

/** Cell of a season that a moment (seconds from epoch) belongs to. */
export function seasonCell(by: Season, at: number): number {
  const hour = Math.floor(at / 3600 + 1e-9);
  // The epoch was a Thursday.
  const weekHour = (((hour + 3 * 24) % 168) + 168) % 168;
  if (by === 'hourOfWeek') return weekHour;
  return by === 'hourOfDay' ? weekHour % 24 : Math.floor(weekHour / 24);
}

/** Frozen counts of a rate: never learns; part of the document, so that its revision signs them. */
export interface RateBaseline extends BaselineOrigin {
  /** Calls of which the condition held. */
  events: number;
  /** Absent: one limit for every hour. */
  season?: BaselineSeason;
}

/**
 * Beside a frozen baseline: the calls of the series itself, in a window that moves with time. `lag` 0 is a rolling baseline, a larger one a lagged baseline. It may
 * move away from the frozen one by `budget` at most, and stands still from then on.
 */
export interface MovingBaseline {
  /** Seconds. */
  window: number;
  /** Seconds between the end of the window and now. */
  lag: number;
  /** Factor, above 1, by which the odds of what is allowed (of a mean: of its place in the range) may differ from those of the frozen baseline. */
  budget: number;
}

/** Parts into which `lag` and `window` of a moving baseline are cut at most; the window moves by one part at a time. */
export const MOVING_SLOTS = 32;

/** The means of a baseline by cell of a season, in the unit of the value. */
export interface MeanSeason {
  by: Season;
  calls: number[];
  /** Of a cell without calls any number in the range. */
  means: number[];
}

/** Frozen mean of a bounded value, with its confidence sequence. */
export interface MeanBaseline extends BaselineOrigin {
  mean: number;
  lower: number;
  upper: number;
  /** Absent: one limit for every hour. */
  season?: MeanSeason;
}

/** Frozen counts by bin. */
export interface BinsBaseline extends BaselineOrigin {
  /** Upper ends (included) of all bins but the last, increasing; empty for categories. */
  edges: number[];
  /** Categories in order of `counts`; empty for numbers. `__other__` takes what is not listed. */
  categories: string[];
  counts: number[];
}

/** The limit that a share or a mean is tested against: exactly one of `limit`, `baseline` and `against` is not null. */
export interface Reference<B> {
  limit: number | null;
  baseline: B | null;
  against: ConcurrentArm | null;
  /** With `baseline` or `against`: relative growth that is allowed, 0.25 for a quarter. */
  tolerance: number;
  /** `up`: too much is a breach. `down`: too little is. */
  direction: 'up' | 'down';
}

/** Share of calls of which a condition holds. */
export interface RateTest extends Reference<RateBaseline> {
  type: 'rate';
  /** With `baseline` only. */
  moving?: MovingBaseline;
  /** CEL bool. */
  of: string;
  /** CEL bool: which calls enter. */
  among: string;
}

/** Mean of a number that is clipped to `range`. */
export interface MeanTest extends Reference<MeanBaseline> {
  type: 'mean';
  /** With `baseline` only. */
  moving?: MovingBaseline;
  /** CEL number. */
  of: string;
  among: string;
  range: [number, number];
}

/** Share of calls that take longer than `within`, hung calls included. `limit` is that share. */
export interface LatencyTest extends Reference<RateBaseline> {
  type: 'latency';
  /** With `baseline` only. */
  moving?: MovingBaseline;
  /** Seconds. */
  within: number;
  among: string;
}

/** Rates of groups: every group at `ratio` times the rate of every other one, less `margin`, or more. */
export interface RateGapTest {
  type: 'rateGap';
  /** Name of the group attribute: `sex` reads `group.sex`. */
  attribute: string;
  of: string;
  among: string;
  /** 1 for equal rates, 0.8 for four fifths. */
  ratio: number;
  /** Difference that is allowed beyond, 0..1. */
  margin: number;
  /** The group that the others are compared with; empty: each with the rest. */
  reference: string;
  /** Groups that take part; empty: all. */
  groups: string[];
  /** `below`: a breach is a group that falls behind the reference. `both`: or gets ahead of it. */
  sided: 'below' | 'both';
  /** Compared within these fields: `features.department`. */
  strata: string[];
}

/** Distribution of a field against frozen counts. */
export interface DriftTest {
  type: 'drift';
  /** A field of the call: `output.label`, `features.age`. */
  of: string;
  among: string;
  baseline: BinsBaseline;
  /** Share of a bin that may change, in parts of one. */
  tolerance: number;
}

/** A field that tells groups apart: its distribution in each group against the others. */
export interface AssociationTest {
  type: 'association';
  of: string;
  attribute: string;
  among: string;
  strata: string[];
  /** Upper ends of bins of a number; empty: the field is a category. */
  edges: number[];
}

/** A test with a promise about false alarms, with its settings (docs/evidence.md). */
export type EvidenceTest = RateTest | MeanTest | LatencyTest | RateGapTest | DriftTest | AssociationTest;

/** What a guard-rail promises: exactly one of `falseAlarms` and `alpha` is not null. */
export interface EvidencePromise {
  /** At most so many false alarms in `per` seconds, over all series. */
  falseAlarms: number | null;
  /** Seconds; 0 with `alpha`. */
  per: number;
  /** Probability of one false alarm, ever, over all series: one test with a fixed level. */
  alpha: number | null;
}

/** The part of `over` that only guard-rails with a test have. */
export interface Evidence {
  test: EvidenceTest;
  promise: EvidencePromise;
  mode: EvidenceMode;
  /** Series that the promise covers; further ones are not judged, and counted. */
  maxSeries: number;
  /** Fields by which explanations look for the cause, besides groups and strata. */
  explainBy: string[];
}

/** Evidence at which the guard-rail acts, nats: ln(periods · series / false alarms), or ln(series / alpha). */
export function evidenceThreshold(evidence: Evidence, every: number): number {
  const { promise, maxSeries } = evidence;
  return promise.alpha !== null
    ? Math.log(maxSeries / promise.alpha)
    : Math.log(Math.max(1, ((promise.per / every) * maxSeries) / promise.falseAlarms!));
}

/** All expressions and fields of a call that a test reads. */
export function evidenceReads({ test, explainBy }: Evidence): string[] {
  const reads = [test.among, ...explainBy];
  if (test.type === 'latency') reads.push('duration');
  else reads.push(test.of);
  if (test.type === 'rateGap' || test.type === 'association') reads.push(`group.${test.attribute}`, ...test.strata);
  return reads;
}
