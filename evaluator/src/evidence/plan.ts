import { compileEvidence, evidenceThreshold } from '@guardspan/policy';
import type { EvidenceMode, EvidencePromise, RevisedGuardrail, TestType } from '@guardspan/policy';
import type { CellRows } from '../count/cells/cell-counts.js';
import { plannedEffects } from './plan-effects.js';

/** The calls that a guard-rail would see. */
export interface PlanTraffic {
  /** Calls a second that enter the test in one series, above 0. */
  callsPerSecond: number;
  /** Series that were seen; null when only a rate is known. */
  series: number | null;
  /** Counts of recorded calls over all series; null when only a rate is known. */
  totals: CellRows | null;
}

/** The group that limits how fast a gap is found. */
export interface SmallestGroup {
  group: string;
  /** Its part of the calls. */
  share: number;
  /** Its calls in a bucket (of one stratum). */
  callsPerBucket: number;
  /** Buckets that wait for one another until each group has enough calls for one bet. */
  bucketsJoined: number;
}

/** How long a breach of one size goes unnoticed. */
export interface PlannedEffect {
  effect: string;
  /** Nats that a call is expected to add. */
  natsPerCall: number;
  /** Calls until the threshold: nats needed / nats per call; null when it is never reached. */
  calls: number | null;
  /** Seconds until the action: for the calls, one bucket and settle. */
  seconds: number | null;
  /** Calls of the smallest group among `calls`; null for tests without groups. */
  smallestGroupCalls: number | null;
  /** Seconds that a promise ten times stricter would add. */
  stricterSeconds: number | null;
}

/** What a guard-rail with a test can be expected to do (docs/evidence.md). */
export interface Plan {
  guardrail: string;
  revision: string;
  test: TestType;
  mode: EvidenceMode;
  promise: EvidencePromise;
  /** Evidence at which it acts, nats. */
  threshold: number;
  /** Nats that a breach has to gain: the threshold, and ln(comparisons) as the evidence is their mean. */
  needed: number;
  /** Price of a promise ten times stricter, nats. */
  stricterNats: number;
  maxSeries: number;
  /** Series that were seen in recorded calls; null when only a rate is known. */
  series: number | null;
  callsPerSecond: number;
  /** Seconds of a bucket, and of the wait for late calls after it. */
  bucket: number;
  settle: number;
  effects: PlannedEffect[];
  smallestGroup: SmallestGroup | null;
  assumed: string[];
}

const STRICTER = Math.LN10;

/**
 * How long breaches of several sizes go unnoticed, at this traffic: expected calls are threshold / KL (Lorden 1971), a mean and no bound. Pure.
 * @throws GuardspanError GUARDSPAN_NOT_WINDOWED for a guard-rail without a test
 */
export function planGuardrail(revised: RevisedGuardrail, traffic: PlanTraffic): Plan {
  const { name, revision, over, evidence } = compileEvidence(revised);
  const { callsPerSecond, series } = traffic;
  const { effects, comparisons, smallestGroup, assumed } = plannedEffects(
    evidence,
    traffic,
    callsPerSecond * over.bucket,
  );
  const threshold = evidenceThreshold(evidence, over.every);
  const needed = threshold + Math.log(comparisons);
  const planned = effects.map(({ effect, growth }): PlannedEffect => {
    const calls = growth > 0 ? needed / growth : null;
    return {
      effect,
      natsPerCall: growth,
      calls,
      seconds: calls === null ? null : calls / callsPerSecond + over.bucket + over.settle,
      smallestGroupCalls: calls === null || smallestGroup === null ? null : calls * smallestGroup.share,
      stricterSeconds: growth > 0 ? STRICTER / growth / callsPerSecond : null,
    };
  });
  const { test, mode, promise, maxSeries } = evidence;
  const { bucket, settle } = over;
  return {
    guardrail: name,
    revision,
    test: test.type,
    mode,
    promise,
    threshold,
    needed,
    stricterNats: STRICTER,
    maxSeries,
    series,
    callsPerSecond,
    bucket,
    settle,
    effects: planned,
    smallestGroup,
    assumed,
  };
}
