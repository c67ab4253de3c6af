import type {
  DriftTest,
  Evidence,
  EvidenceTest,
  LatencyTest,
  MeanTest,
  RateGapTest,
  RateTest,
} from '@guardspan/policy';
import { byStratum, rateCounts } from './cells.js';
import { bucketsJoined, gapGrowth, shareGrowth } from './growth.js';
import { meanLimit } from './mean-judge.js';
import type { PlanTraffic, SmallestGroup } from './plan.js';
import { rateLimit } from './rate-judge.js';
import { projectShares, shareBounds } from './share-bets.js';

/** A breach of a certain size, and how fast it shows. */
export interface EffectGrowth {
  effect: string;
  /** Nats that a call is expected to add. */
  growth: number;
}

/** What a test would see of breaches of several sizes. */
export interface PlannedEffects {
  effects: EffectGrowth[];
  /** Comparisons whose mean is the evidence: each must do for all. */
  comparisons: number;
  smallestGroup: SmallestGroup | null;
  /** What had to be assumed, in words. */
  assumed: string[];
}

/** Breaches: so many times the share that is allowed; beyond one half, so many times fewer of the rest. */
const FACTORS = [1.25, 1.5, 2, 3, 5];
/** Breaches of a gap: the rate of the group in parts of the lowest one that is allowed. */
const BEHIND = [0.9, 0.8, 0.65, 0.5];
/** Breaches of a distribution: the share of calls that moves. */
const MOVED = [0.02, 0.05, 0.1, 0.2];
/** Breaches of independence: mutual information, nats. */
const INFORMATION = [0.001, 0.003, 0.01, 0.03];
const ASSUMED = { rate: 0.3, share: 0.2, armRate: 0.1 } as const;

/** The effects of a test at this traffic, smallest first. */
export function plannedEffects(evidence: Evidence, traffic: PlanTraffic, perBucket: number): PlannedEffects {
  const { test } = evidence;
  switch (test.type) {
    case 'rate':
    case 'latency':
      if (test.against !== null) return ofArm(evidence, test, traffic, perBucket);
      return { ...ofLimit(evidence, rateLimit(test), percent, perBucket), assumed: followed(test) };
    case 'mean':
      return test.against === null ? ofMean(evidence, test, perBucket) : ofArm(evidence, test, traffic, perBucket);
    case 'rateGap':
      return ofGap(evidence, test, traffic, perBucket);
    case 'drift':
      return ofDrift(evidence, test, perBucket);
    case 'association':
      return ofAssociation(test, traffic, perBucket);
  }
}

/** Shares that are worse than an allowed one. */
function worse(p0: number): number[] {
  return FACTORS.map((factor) => Math.min(p0 * factor, 1 - (1 - p0) / factor));
}

/** Events (or calls without one, where they are rarer) of a baseline from which on its own uncertainty matters little. */
export const ENOUGH_EVENTS = 500;

function rareIn({ calls, events }: { calls: number; events: number }): number {
  return Math.min(events, calls - events);
}

function hours({ baseline, moving }: RateTest | LatencyTest | MeanTest): string[] {
  return [
    ...(baseline?.season === undefined
      ? []
      : ['every hour has the limit of the whole baseline; those with fewer calls take longer']),
    ...(moving === undefined ? [] : ['the baseline has not moved']),
  ];
}

/** What a plan takes as given of a baseline: how well it is known, that it follows the hour or the series. */
function followed(test: RateTest | LatencyTest): string[] {
  const { baseline } = test;
  const assumed: string[] = [];
  if (baseline !== null && rareIn(baseline) < ENOUGH_EVENTS) {
    const side = test.direction === 'up' ? 'at most' : 'at least';
    const limitOf = (counts: typeof baseline): string =>
      percent(rateLimit({ ...test, baseline: counts, tolerance: 0 }));
    const known = `a baseline of ${baseline.events} events in ${baseline.calls} calls (${percent(baseline.events / baseline.calls)}) is known to be ${side} ${limitOf(baseline)}, so a smaller change is not found`;
    const factor = ENOUGH_EVENTS / Math.max(1, rareIn(baseline));
    const larger = {
      ...baseline,
      events: Math.round(baseline.events * factor),
      calls: Math.round(baseline.calls * factor),
    };
    const advice = `of ${larger.calls} calls with the same share it would be ${side} ${limitOf(larger)}`;
    const past = test.moving === undefined ? '; with `moving` the past of the series itself counts too' : '';
    assumed.push(`${known}; ${advice}${past}`);
  }
  return [...assumed, ...hours(test)];
}

function ofLimit(
  { mode, test }: Evidence,
  limit: number,
  show: (share: number) => string,
  perBucket: number,
): PlannedEffects {
  const up = !('direction' in test) || test.direction === 'up';
  const p0 = up ? limit : 1 - limit;
  const effects = worse(p0).map((p) => ({
    effect: `${show(up ? p : 1 - p)}, ${show(limit)} allowed`,
    growth: shareGrowth(mode, p, p0, perBucket),
  }));
  return { effects, comparisons: 1, smallestGroup: null, assumed: [] };
}

function ofMean(evidence: Evidence, test: MeanTest, perBucket: number): PlannedEffects {
  const [low, high] = test.range;
  const scaled = (meanLimit(test) - low) / (high - low);
  const show = (x: number): string => `mean ${round(low + x * (high - low))}`;
  const assumed = [
    'values are spread as widely as the range lets them; narrower ones are found sooner',
    ...hours(test),
  ];
  return { ...ofLimit(evidence, scaled, show, perBucket), assumed };
}

function ofArm(
  { mode }: Evidence,
  test: RateTest | LatencyTest | MeanTest,
  { totals }: PlanTraffic,
  perBucket: number,
): PlannedEffects {
  const up = test.direction === 'up';
  const factor = up ? 1 + test.tolerance : 1 - test.tolerance;
  const counts = totals === null || test.type === 'mean' ? { s: 0, n: 0 } : rateCounts(totals);
  const known = counts.s > 0 && counts.s < counts.n;
  const arm = known ? counts.s / counts.n : test.type === 'mean' ? 0.5 : ASSUMED.armRate;
  const what = test.type === 'mean' ? 'mean, in parts of the range,' : 'share';
  const allowed = Math.min(1 - 1e-9, factor * arm);
  const effects = worse(up ? allowed : 1 - allowed).map((p) => {
    const own = up ? p : 1 - p;
    const [a, b] = up ? [own, arm] : [arm, own];
    const pair = { a, b, na: perBucket, nb: perBucket };
    // Counted by calls of the series; the arm has as many.
    const growth = 2 * gapGrowth(test.type === 'mean' ? 'robust' : mode, pair, up ? 1 / factor : factor, 0);
    return { effect: `${percent(own)}, ${percent(allowed)} allowed`, growth };
  });
  const assumed = ['the version that it is compared with has as many calls at the same time'];
  if (!known) assumed.push(`its ${what} is ${percent(arm)}`);
  return { effects, comparisons: 1, smallestGroup: null, assumed };
}

function ofGap({ mode }: Evidence, test: RateGapTest, traffic: PlanTraffic, perBucket: number): PlannedEffects {
  const seen = groupsOf(traffic);
  const { group, share, groups, strata, rate } = seen;
  const each = perBucket / strata;
  const size = { na: (1 - share) * each, nb: share * each };
  const allowed = test.ratio * rate - test.margin;
  const effects = BEHIND.map((part) => ({
    effect: `${percent(part * allowed)} in ${group}, ${percent(allowed)} allowed`,
    growth: allowed <= 0 ? 0 : gapGrowth(mode, { a: rate, b: part * allowed, ...size }, test.ratio, test.margin),
  }));
  const pairs = test.reference === '' ? groups : (groups - 1) * (test.sided === 'both' ? 2 : 1);
  const assumed = [...seen.assumed];
  if (strata > 1) assumed.push(`the gap is in all ${strata} strata, which are of one size`);
  const joined = bucketsJoined(mode, { a: 0, b: 0, ...size });
  // A gap that every stratum shows is evidence in each; they are averaged, so each must do alone.
  return {
    effects: effects.map(({ effect, growth }) => ({ effect, growth: growth / strata })),
    comparisons: pairs * strata,
    smallestGroup: { group, share, callsPerBucket: size.nb, bucketsJoined: joined },
    assumed,
  };
}

function ofDrift({ mode }: Evidence, test: DriftTest, perBucket: number): PlannedEffects {
  const { lower, upper, center } = shareBounds(test.baseline.counts, test.tolerance);
  const total = center.reduce((sum, share) => sum + share, 0);
  const shares = center.map((share) => share / total);
  const from = shares.indexOf(Math.max(...shares));
  const to = shares.indexOf(Math.min(...shares));
  const effects = MOVED.filter((moved) => from !== to && moved < shares[from]!).map((moved) => {
    const q = shares.map((share, b) => share + (b === to ? moved : b === from ? -moved : 0));
    const nearest = projectShares(q, lower, upper);
    const whole = q.reduce((sum, share, b) => sum + share * Math.log(share / nearest[b]!), 0);
    const single = Math.max(
      shareGrowth('robust', q[to]!, upper[to]!, perBucket),
      shareGrowth('robust', 1 - q[from]!, 1 - lower[from]!, perBucket),
    );
    const effect = `${percent(moved)} of calls move from the largest bin to the smallest`;
    return { effect, growth: mode === 'iid' ? Math.max(0, whole) : single };
  });
  return { effects, comparisons: mode === 'iid' ? 1 : 2 * shares.length, smallestGroup: null, assumed: [] };
}

function ofAssociation(test: EvidenceTest, traffic: PlanTraffic, perBucket: number): PlannedEffects {
  const { group, share, assumed } = groupsOf(traffic);
  return {
    effects: INFORMATION.map((nats) => ({ effect: `mutual information ${nats} nats`, growth: nats })),
    comparisons: 1,
    smallestGroup: { group, share, callsPerBucket: share * perBucket, bucketsJoined: 1 },
    assumed: [...assumed, `all that ${test.type} could learn from a call is used; it takes longer`],
  };
}

interface SeenGroups {
  group: string;
  share: number;
  groups: number;
  strata: number;
  /** Rate of all other groups. */
  rate: number;
  assumed: string[];
}

function groupsOf({ totals }: PlanTraffic): SeenGroups {
  const strata = totals === null ? new Map<string, never>() : byStratum(totals);
  const sums = new Map<string, { s: number; n: number }>();
  for (const groups of strata.values()) {
    for (const [name, { s, n }] of groups) {
      const known = sums.get(name) ?? { s: 0, n: 0 };
      sums.set(name, { s: known.s + s, n: known.n + n });
    }
  }
  const smallest = [...sums].sort(([, a], [, b]) => a.n - b.n)[0];
  if (smallest === undefined || sums.size < 2) {
    const { rate, share } = ASSUMED;
    const assumed = [`two groups, the smaller one with ${percent(share)} of calls; a rate of ${percent(rate)}`];
    return { group: 'the smaller group', share, groups: 2, strata: 1, rate, assumed };
  }
  const [group, own] = smallest;
  let [s, n] = [-own.s, -own.n];
  for (const one of sums.values()) [s, n] = [s + one.s, n + one.n];
  return { group, share: own.n / (own.n + n), groups: sums.size, strata: strata.size, rate: s / n, assumed: [] };
}

function percent(share: number): string {
  return `${round(share * 100)} %`;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
