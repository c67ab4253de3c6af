import type { Draws } from './random.js';

/** One bucket: events and trials of the series, and of what it is compared with (group a, or the concurrent arm). */
export interface Bucket {
  s: number;
  n: number;
  /** Of the other group or arm; 0 trials when there is none. */
  sa: number;
  na: number;
}

/** A kind of stream, honest and shifted. */
export interface Scenario {
  name: string;
  /** `rate`: share of events against 1 %. `arm`: against a concurrent arm. `gap`: group against group. */
  kind: 'rate' | 'arm' | 'gap';
  buckets: number;
  /** Bucket of the shift. */
  change: number;
  /** Trials of the series in a bucket on average, other group or arm included. */
  perBucket: number;
  /** What the shift is, for people. */
  delta: string;
  /** Trials of an estimated baseline; 0 when the limit is known. */
  reference: number;
  /** Nats for each trial that the shift gives at most (KL of the shifted law to the nearest honest one). */
  information: number;
  stream: (draws: Draws, shifted: boolean) => Bucket[];
}

export const P0 = 0.01;
const P1 = 0.02;
const BUCKETS = 1_000;
const CHANGE = 500;

function kl(p: number, q: number): number {
  return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
}

/** Nats for each trial of two groups with shares wa, wb against one common rate. */
function gapInformation(pa: number, pb: number, wb: number): number {
  const common = (1 - wb) * pa + wb * pb;
  return (1 - wb) * kl(pa, common) + wb * kl(pb, common);
}

type Next = (draws: Draws, k: number, shifted: boolean) => Bucket;

function each(count: number, change: number, next: Next): Scenario['stream'] {
  return (draws, shifted) => Array.from({ length: count }, (_, k) => next(draws, k, shifted && k >= change));
}

const alone = (s: number, n: number): Bucket => ({ s, n, sa: 0, na: 0 });

/** Rate streams of 100 trials a bucket, with a correlation of the trials inside of a bucket. */
function clustered(name: string, icc: number): Scenario {
  const rate = (draws: Draws, p: number): number =>
    icc === 0 ? p : draws.beta((p * (1 - icc)) / icc, ((1 - p) * (1 - icc)) / icc);
  return {
    name,
    kind: 'rate',
    buckets: BUCKETS,
    change: CHANGE,
    perBucket: 100,
    delta: '.01 -> .02',
    reference: 0,
    information: kl(P1, P0),
    stream: each(BUCKETS, CHANGE, (draws, _k, shifted) =>
      alone(draws.binomial(100, rate(draws, shifted ? P1 : P0)), 100),
    ),
  };
}

/** Season of 144 buckets, half up and half down, known to nobody; the arm has it too. */
const season = (k: number): number => 1 + 0.5 * Math.sin((2 * Math.PI * k) / 144);

/** Bursts of five units at 5.5 % over a floor of 0.5 %: 1 % on average. Buckets of 20 units outlast them. */
const UNITS = 20;
function bursts(draws: Draws, shifted: boolean): Bucket[] {
  const change = CHANGE / UNITS;
  let left = 0;
  return Array.from({ length: BUCKETS / UNITS }, (_, k) => {
    let s = 0;
    for (let unit = 0; unit < UNITS; unit++) {
      // A tenth of the time is burst: begun with this chance in each unit without one.
      if (left === 0 && draws.uniform() < 1 / 46) left = 5;
      const p = left > 0 ? 0.055 : 0.005;
      if (left > 0) left--;
      s += draws.binomial(100, shifted && k >= change ? 2 * p : p);
    }
    return alone(s, 100 * UNITS);
  });
}

export const SCENARIOS: readonly Scenario[] = [
  clustered('iid', 0),
  clustered('icc-0.01', 0.01),
  clustered('icc-0.05', 0.05),
  {
    ...clustered('seasonal', 0),
    kind: 'arm',
    perBucket: 200,
    delta: 'twice the concurrent arm',
    information: gapInformation(P0, P1, 0.5),
    stream: each(BUCKETS, CHANGE, (draws, k, shifted) => ({
      s: draws.binomial(100, season(k) * (shifted ? P1 : P0)),
      n: 100,
      sa: draws.binomial(100, season(k) * P0),
      na: 100,
    })),
  },
  {
    ...clustered('mix-shift', 0),
    kind: 'gap',
    delta: 'group b at .7 of group a',
    information: gapInformation(0.3, 0.21, 0.3),
    // Base rate and share of group b both move with the season, so pooled rates differ although each bucket is fair.
    stream: each(BUCKETS, CHANGE, (draws, k, shifted) => {
      const wave = Math.sin((2 * Math.PI * k) / 144);
      const n = Math.round(30 + 15 * wave);
      const base = 0.3 + 0.1 * wave;
      return {
        s: draws.binomial(n, shifted ? 0.7 * base : base),
        n,
        sa: draws.binomial(100 - n, base),
        na: 100 - n,
      };
    }),
  },
  {
    ...clustered('burst', 0),
    buckets: BUCKETS / UNITS,
    change: CHANGE / UNITS,
    perBucket: 100 * UNITS,
    stream: bursts,
  },
  {
    ...clustered('unequal-groups', 0),
    kind: 'gap',
    delta: 'group b at .06, group a at .02',
    information: gapInformation(0.02, 0.06, 0.05),
    stream: each(BUCKETS, CHANGE, (draws, _k, shifted) => ({
      s: draws.binomial(5, shifted ? 0.06 : 0.02),
      n: 5,
      sa: draws.binomial(95, 0.02),
      na: 95,
    })),
  },
  { ...clustered('unknown-baseline-2k', 0), reference: 2_000 },
  { ...clustered('unknown-baseline-10k', 0), reference: 10_000 },
];
