import { guardspan, MOVING, NOMINAL } from './evidence/ours.js';
import {
  adwin,
  fixedThreshold,
  largestScore,
  meanThreeSigma,
  oracleWindow,
  pageHinkley,
  repeatedZ,
} from './evidence/peers.js';
import type { Watch } from './evidence/peers.js';
import { Draws } from './evidence/random.js';
import { P0, SCENARIOS } from './evidence/scenarios.js';
import type { Bucket, Scenario } from './evidence/scenarios.js';

/**
 * False alarms and delays of windowed guard-rails on streams whose truth is known, beside what others do. Every method sees the same streams, honest and shifted,
 * in the same buckets; nominal is one false alarm in twenty honest streams. `--streams N` for a quick look.
 */
const at = process.argv.indexOf('--streams');
const STREAMS = at === -1 ? 1_000 : Number(process.argv[at + 1]);

/** Error that is left to a baseline beside {@link NOMINAL}. */
const BASELINE = 0.01;
/** Rate after the change, where the limit is an estimate. */
const SHIFTED = 2 * P0;

/** Honest streams from which the oracle takes its threshold, for each that is judged: it must not profit from a lucky calibration. */
const CALIBRATION = 5;

interface Setting {
  scenario: Scenario;
  /** What peers take for the honest rate: known, or the estimate from the baseline. */
  p0: number;
  baseline: { events: number; calls: number } | null;
  /** Threshold of the oracle. */
  oracle: number;
}

/** `robust` against the baseline alone: beside `guardspan-robust` where the limit is an estimate. */
const FROZEN = 'guardspan-robust-frozen';
/** Methods that know of an estimated limit what its baseline says, and no more: the others compare the stream with its own past. */
const BY_REFERENCE: readonly string[] = [FROZEN, 'fixed-threshold', 'repeated-z', 'oracle-window'];

const METHODS: Readonly<Record<string, (setting: Setting) => Watch>> = {
  'guardspan-robust': ({ scenario, baseline }) => guardspan(scenario, 'robust', baseline, MOVING),
  'guardspan-iid': ({ scenario, baseline }) => guardspan(scenario, 'iid', baseline, MOVING),
  [FROZEN]: ({ scenario, baseline }) => guardspan(scenario, 'robust', baseline),
  'fixed-threshold': ({ p0 }) => fixedThreshold(p0),
  'mean-3sigma': ({ scenario }) => meanThreeSigma(scenario.kind === 'gap'),
  'repeated-z': ({ scenario, p0 }) => repeatedZ(p0, scenario.kind === 'gap'),
  'page-hinkley': () => pageHinkley(),
  adwin: () => adwin(),
  'oracle-window': ({ scenario, p0, oracle }) => oracleWindow(p0, oracle, scenario.kind === 'gap'),
};

/** Bucket of the first alarm, -1 for none. */
function firstAlarm(watch: Watch, stream: readonly Bucket[]): number {
  return stream.findIndex((bucket) => watch(bucket));
}

/** P(Binomial(n, p) <= events). */
function atMost(events: number, n: number, p: number): number {
  // From the rarer side, where the first term does not underflow.
  if (p > 0.5) return events >= n ? 1 : 1 - atMost(n - events - 1, n, 1 - p);
  let term = Math.pow(1 - p, n);
  let sum = term;
  for (let k = 0; k < events; k++) {
    term *= ((n - k) / (k + 1)) * (p / (1 - p));
    sum += term;
  }
  return sum;
}

/** Upper end of the one-sided 95 % interval of Clopper and Pearson. */
function upper95(events: number, n: number): number {
  if (events === n) return 1;
  let [low, high] = [events / n, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (atMost(events, n, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted.length === 0 ? NaN : sorted[sorted.length >> 1]!;
}

const round = (value: number, digits = 4): number | null =>
  Number.isFinite(value) ? Math.round(value * 10 ** digits) / 10 ** digits : null;

/** Largest scores of honest streams of another seed: what the oracle knows. */
function calibrated(scenario: Scenario, index: number): number {
  const most: number[] = [];
  for (let i = 0; i < CALIBRATION * STREAMS; i++) {
    const draws = new Draws(7_000_000 + index * 100_000 + i);
    const { p0 } = settingOf(scenario, draws, 0);
    most.push(largestScore(scenario.stream(draws, false), p0, scenario.kind === 'gap'));
  }
  most.sort((a, b) => a - b);
  return most[Math.floor((1 - NOMINAL) * most.length)]!;
}

function settingOf(scenario: Scenario, draws: Draws, oracle: number): Setting {
  const calls = scenario.reference;
  if (calls === 0) return { scenario, p0: P0, baseline: null, oracle };
  const events = draws.binomial(calls, P0);
  return { scenario, p0: Math.max(events, 1) / calls, baseline: { events, calls }, oracle };
}

/**
 * Largest share of changes that any test of the limit of a baseline can find which knows the new rate, watches for ever, and alarms in at most NOMINAL + BASELINE of honest streams (Neyman and Pearson): when the limit is
 * an estimate, a reference from which the new rate would be honest must not alarm either, and only the events of the reference tell the two apart. 1 when the limit is known.
 */
function informationLimit({ reference, kind }: Scenario): number {
  if (reference === 0 || kind !== 'rate') return 1;
  const level = NOMINAL + BASELINE;
  let events = -1;
  while (atMost(events + 1, reference, SHIFTED) <= level) events++;
  const below = events < 0 ? 0 : atMost(events, reference, SHIFTED);
  const part = (level - below) / (atMost(events + 1, reference, SHIFTED) - below);
  const found = events < 0 ? 0 : atMost(events, reference, P0);
  return found + part * (atMost(events + 1, reference, P0) - found);
}

function measure(scenario: Scenario, index: number) {
  const oracle = calibrated(scenario, index);
  const names = Object.keys(METHODS).filter((name) => name !== FROZEN || scenario.reference > 0);
  const found = new Map(names.map((name) => [name, { alarms: 0, detected: 0, delays: [] as number[] }]));
  for (let i = 0; i < STREAMS; i++) {
    for (const shifted of [false, true]) {
      const draws = new Draws(1_000_000 + index * 100_000 + 2 * i + (shifted ? 1 : 0));
      const setting = settingOf(scenario, draws, oracle);
      const stream = scenario.stream(draws, shifted);
      for (const name of names) {
        const alarm = firstAlarm(METHODS[name]!(setting), stream);
        const tally = found.get(name)!;
        if (!shifted && alarm >= 0) tally.alarms++;
        if (shifted && alarm >= scenario.change) {
          tally.detected++;
          tally.delays.push(alarm - scenario.change + 1);
        }
      }
    }
  }
  return names.map((method) => {
    const { alarms, detected, delays } = found.get(method)!;
    const delay = median(delays) * scenario.perBucket;
    return {
      scenario: scenario.name,
      method,
      n: STREAMS,
      delta: scenario.delta,
      false_alarm_rate: round(alarms / STREAMS),
      false_alarm_upper95: round(upper95(alarms, STREAMS)),
      detected: round(detected / STREAMS),
      /** Largest `detected` of any method that knows what this one does. */
      information_limit: BY_REFERENCE.includes(method) ? round(informationLimit(scenario)) : 1,
      /** Calls. */
      median_delay: round(delay, 0),
      delay_over_limit: round(delay / (Math.log(scenario.buckets / NOMINAL) / scenario.information), 2),
    };
  });
}

const scenarios = SCENARIOS.flatMap((scenario, index) => {
  const rows = measure(scenario, index);
  if (!process.argv.includes('--json')) console.table(rows);
  return rows;
});
const row = (scenario: string, method: string) =>
  scenarios.find((each) => each.scenario === scenario && each.method === method)!;
const delay_over_oracle_iid = round(
  row('iid', 'guardspan-robust').median_delay! / row('iid', 'oracle-window').median_delay!,
  3,
);
const result = { nominal: NOMINAL, delay_over_oracle_iid, scenarios };
console.log(JSON.stringify(result));
