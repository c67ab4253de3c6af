import { evidenceThreshold } from '@guardspan/policy';
import type { Evidence, EvidenceTest } from '@guardspan/policy';
import { breachesOf } from './breaches.js';
import type { Breaches, Counted } from './breaches.js';
import { createJudge } from './create-judge.js';
import { SECURED_FACTOR, securedJudge } from './secured-judge.js';
import type { Judge } from './judge.js';

/** What counted calls could have shown: of a test that stayed silent, whether it could have done anything else. */
export interface Reach {
  /** Evidence at which it acts, nats. */
  threshold: number;
  /** Evidence at the end, nats, if all calls from the first bucket on had been as bad as can be. */
  most: number;
  /** Group that would have been behind; empty for tests without groups. */
  group: string;
  /** Its calls, or those of the series. */
  calls: number;
  buckets: number;
  /** What is allowed: a share (0..1), a mean in its own unit, or the part of calls that may move from the largest bin to the second. */
  allowed: number;
  /** The least breach, in the same unit, that would have been acted on had it been there from the first bucket on; null when none would. */
  fromStart: number | null;
  /** The same of one that begins in the middle of the buckets. */
  fromMiddle: number | null;
}

/** Steps, by rows of a bucket, beyond which nothing is tried: a series that long was watched long enough. */
const MAX_WORK = 200_000;
/** The same that is spent on finding the least breach. */
const SEARCH_WORK = 200_000;
const HALVINGS = 10;

/**
 * Runs a test over buckets of expected counts, of the average size of those that were counted, with breaches of several sizes. Expected counts have no luck in them, so about half of
 * the breaches of the size that it names would be found by then. Pure.
 *
 * @param every Length of a bucket, seconds
 * @param sufficient Evidence that does for `mode: iid` by itself; Infinity when the robust evidence must bear it out
 * @returns Undefined when nothing can be said: no calls, one group only, an association, or too many buckets to try
 */
export function evidenceReach(
  evidence: Evidence,
  every: number,
  counted: Counted,
  sufficient = Infinity,
): Reach | undefined {
  const run = runOf(evidence, every, counted, sufficient);
  if (run === undefined) return undefined;
  const { breaches, threshold } = run;
  const worst = run.of(1, 0);
  const halvings = Math.min(HALVINGS, Math.floor(SEARCH_WORK / workOf(counted) / 2));
  const least = (from: number): number | null => {
    if (!run.of(1, from).fires) return null;
    let [low, high] = [0, 1];
    for (let i = 0; i < halvings; i++) {
      const size = (low + high) / 2;
      if (run.of(size, from).fires) high = size;
      else low = size;
    }
    return breaches.value(high);
  };
  return {
    threshold,
    most: worst.evidence,
    group: breaches.group,
    calls: breaches.calls,
    buckets: counted.buckets,
    allowed: breaches.allowed,
    fromStart: worst.fires ? least(0) : null,
    fromMiddle: worst.fires ? least(middleOf(counted)) : null,
  };
}

/** Whether the largest breach of {@link evidenceReach} would be acted on, from the first bucket on or from the middle on; false where nothing can be said. */
export function wouldFire(evidence: Evidence, every: number, counted: Counted, middle = false): boolean {
  return runOf(evidence, every, counted, Infinity)?.of(1, middle ? middleOf(counted) : 0).fires === true;
}

function middleOf({ buckets }: Counted): number {
  return Math.floor(buckets / 2);
}

function workOf({ buckets, totals }: Counted): number {
  return buckets * Math.max(1, totals.rows.length);
}

function runOf(evidence: Evidence, every: number, counted: Counted, sufficient: number): HypotheticalRun | undefined {
  if (counted.buckets < 1 || workOf(counted) > MAX_WORK) return undefined;
  const fixed = withFixedBaseline(evidence);
  const breaches = breachesOf(fixed.test, counted);
  if (breaches === undefined) return undefined;
  return new HypotheticalRun(fixed, breaches, counted.buckets, evidenceThreshold(evidence, every), sufficient);
}

/** A baseline without season and window: how long it has been followed is not part of the question. */
function withFixedBaseline(evidence: Evidence): Evidence {
  const { test } = evidence;
  if (test.type !== 'rate' && test.type !== 'latency' && test.type !== 'mean') return evidence;
  if (test.baseline === null) return evidence;
  const { moving: _moving, ...fixed } = test;
  const { season: _season, ...baseline } = test.baseline;
  return { ...evidence, test: { ...fixed, baseline } as EvidenceTest };
}

class HypotheticalRun {
  readonly #judge: Judge;

  constructor(
    evidence: Evidence,
    readonly breaches: Breaches,
    private readonly buckets: number,
    readonly threshold: number,
    private readonly sufficient: number,
  ) {
    const { mode, test } = evidence;
    const judge = createJudge(evidence);
    const secured = mode === 'iid' && (test.type === 'rate' || test.type === 'latency');
    this.#judge = secured ? securedJudge(judge, createJudge({ ...evidence, mode: 'robust' })) : judge;
  }

  /** A breach of a size that begins with a bucket: whether it is acted on, and the evidence at that moment or at the end. */
  of(size: number, from: number): { fires: boolean; evidence: number } {
    const [calm, breached] = [this.breaches.bucket(null), this.breaches.bucket(size)];
    let state = this.#judge.initial();
    let evidence = this.#judge.evidence(state);
    for (let k = 0; k < this.buckets; k++) {
      state = this.#judge.step(state, k < from ? calm : breached, this.breaches.arm);
      evidence = this.#judge.evidence(state);
      if (k >= from && this.#fires(state, evidence)) return { fires: true, evidence };
    }
    return { fires: false, evidence };
  }

  #fires(state: unknown, evidence: number): boolean {
    if (evidence < this.threshold) return false;
    const robust = this.#judge.robustly?.(state);
    return robust === undefined || robust >= this.threshold - Math.log(SECURED_FACTOR) || evidence >= this.sufficient;
  }
}
