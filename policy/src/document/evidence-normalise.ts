import { parseDuration } from './duration.js';
import type { AuthoredEvidence } from './evidence-schema.js';
import type {
  BaselineOrigin,
  BaselineSeason,
  BinsBaseline,
  ConcurrentArm,
  Evidence,
  EvidencePromise,
  EvidenceTest,
  MeanBaseline,
  MeanSeason,
  MovingBaseline,
  RateBaseline,
  Reference,
} from './evidence-types.js';

/** Defaults of tests, in one place. */
export const EVIDENCE_DEFAULTS = {
  mode: 'robust',
  /** With `falseAlarms`; a test of fixed level is for one series. */
  maxSeries: 100,
  promise: { falseAlarms: 1, per: 30 * 86_400, alpha: null },
  tolerance: 0,
  driftTolerance: 0.02,
  budget: 1.5,
  settle: 2,
  /** Signals that need the finished answer of a language model. */
  settleAnswer: 120,
} as const;

type AuthoredOrigin = {
  model: string;
  version?: string | undefined;
  featureView?: string | undefined;
  calls: number;
  from?: number | undefined;
  to?: number | undefined;
};

function originOf(origin: AuthoredOrigin): BaselineOrigin {
  const { model, version = '', featureView = '', calls, from = 0, to = 0 } = origin;
  return { model, version, featureView, calls, from, to };
}

function referenceOf<B>(
  authored: {
    max?: number | undefined;
    min?: number | undefined;
    against?: Partial<Record<'model_version', string>> | undefined;
    tolerance?: number | undefined;
    direction?: 'up' | 'down' | undefined;
  },
  baseline: B | null,
): Reference<B> {
  const arm = Object.entries(authored.against ?? {})[0];
  const against: ConcurrentArm | null = arm === undefined ? null : { field: arm[0], value: arm[1] };
  return {
    limit: authored.max ?? authored.min ?? null,
    baseline,
    against,
    tolerance: authored.tolerance ?? EVIDENCE_DEFAULTS.tolerance,
    direction: authored.direction ?? (authored.min !== undefined ? 'down' : 'up'),
  };
}

function rateBaseline(
  authored: (AuthoredOrigin & { events: number; season?: BaselineSeason | undefined }) | undefined,
): RateBaseline | null {
  if (authored === undefined) return null;
  const { events, season } = authored;
  return { ...originOf(authored), events, ...(season === undefined ? {} : { season }) };
}

function movingOf(authored: { window: string; lag?: string | undefined; budget?: number | undefined } | undefined): {
  moving?: MovingBaseline;
} {
  if (authored === undefined) return {};
  const { window, lag, budget = EVIDENCE_DEFAULTS.budget } = authored;
  return { moving: { window: parseDuration(window), lag: lag === undefined ? 0 : parseDuration(lag), budget } };
}

function meanBaseline(
  authored:
    (AuthoredOrigin & { mean: number; lower: number; upper: number; season?: MeanSeason | undefined }) | undefined,
): MeanBaseline | null {
  if (authored === undefined) return null;
  const { mean, lower, upper, season } = authored;
  return { ...originOf(authored), mean, lower, upper, ...(season === undefined ? {} : { season }) };
}

function binsBaseline(
  authored: AuthoredOrigin & { edges?: number[] | undefined; categories?: string[] | undefined; counts: number[] },
): BinsBaseline {
  const { edges = [], categories = [], counts } = authored;
  return { ...originOf(authored), edges, categories, counts };
}

function testOf(test: AuthoredEvidence['test']): EvidenceTest {
  if ('rate' in test) {
    const { of, among = 'true', baseline, moving } = test.rate;
    return { type: 'rate', of, among, ...referenceOf(test.rate, rateBaseline(baseline)), ...movingOf(moving) };
  }
  if ('mean' in test) {
    const { of, among = 'true', range, baseline, moving } = test.mean;
    const reference = referenceOf(test.mean, meanBaseline(baseline));
    return { type: 'mean', of, among, range, ...reference, ...movingOf(moving) };
  }
  if ('latency' in test) {
    const { within, among = 'true', baseline, moving } = test.latency;
    const reference = referenceOf(test.latency, rateBaseline(baseline));
    return { type: 'latency', within: parseDuration(within), among, ...reference, ...movingOf(moving) };
  }
  if ('rateGap' in test) {
    const { attribute, of, among = 'true', ratio = 1, margin = 0, reference = '', sided = 'below' } = test.rateGap;
    const groups = [...new Set(test.rateGap.groups ?? [])].sort();
    const strata = test.rateGap.strata ?? [];
    return { type: 'rateGap', attribute, of, among, ratio, margin, reference, groups, sided, strata };
  }
  if ('drift' in test) {
    const { of, among = 'true', baseline, tolerance = EVIDENCE_DEFAULTS.driftTolerance } = test.drift;
    return { type: 'drift', of, among, baseline: binsBaseline(baseline), tolerance };
  }
  const { of, attribute, among = 'true', strata = [], edges = [] } = test.association;
  return { type: 'association', of, attribute, among, strata, edges };
}

function promiseOf(promise: AuthoredEvidence['promise']): EvidencePromise {
  if (promise === undefined) return { ...EVIDENCE_DEFAULTS.promise };
  if ('alpha' in promise) return { falseAlarms: null, per: 0, alpha: promise.alpha };
  return { falseAlarms: promise.falseAlarms, per: parseDuration(promise.per), alpha: null };
}

/** Fills in the defaults of a test and of its promise. Pure. */
export function normaliseEvidence(authored: AuthoredEvidence): Evidence {
  const promise = promiseOf(authored.promise);
  return {
    test: testOf(authored.test),
    promise,
    mode: authored.mode ?? EVIDENCE_DEFAULTS.mode,
    maxSeries: authored.maxSeries ?? (promise.alpha === null ? EVIDENCE_DEFAULTS.maxSeries : 1),
    explainBy: [...new Set(authored.explainBy ?? [])],
  };
}

/** Seconds after a bucket's end at which it closes when the document does not say: fixed at load. */
export function settleOf({ test }: Evidence): number {
  if (test.type === 'latency') return test.within + EVIDENCE_DEFAULTS.settle;
  const reads =
    test.type === 'rateGap' || test.type === 'rate' || test.type === 'mean' ? `${test.of} ${test.among}` : test.of;
  return /\b(usage\.|duration|timeToFirst|toolCalls)/.test(reads)
    ? EVIDENCE_DEFAULTS.settleAnswer
    : EVIDENCE_DEFAULTS.settle;
}
