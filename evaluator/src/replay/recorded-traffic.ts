import { compileEvidence, createObservation } from '@guardspan/policy';
import type { RevisedGuardrail } from '@guardspan/policy';
import { CellCounts } from '../count/cells/cell-counts.js';
import { withFact } from '../engine/evidence/fact-join.js';
import type { PlanTraffic } from '../evidence/plan.js';
import type { ReplayCall, RowTime } from './replay.js';

/**
 * What a guard-rail with a test sees of recorded calls, late facts included. The rate is the mean over its series, from the first call that enters to the
 * last; 0 when fewer than two calls enter or all start at once.
 * @throws GuardspanError GUARDSPAN_NOT_WINDOWED for a guard-rail without a test
 */
export function recordedTraffic(
  revised: RevisedGuardrail,
  calls: readonly ReplayCall[],
  rows: RowTime | null,
): PlanTraffic {
  const compiled = compileEvidence(revised);
  const seen = createObservation();
  const cells = new CellCounts();
  const series = new Set<string>();
  let [first, last] = [Infinity, -Infinity];
  for (const { call: recorded, facts } of calls) {
    const call = facts.reduce(withFact, recorded);
    if (!compiled.counts(call) || !compiled.observe(call, seen)) continue;
    series.add(JSON.stringify(compiled.seriesValues(call)));
    cells.add(seen, []);
    first = Math.min(first, call.startedAt);
    last = Math.max(last, call.startedAt);
  }
  const span = rows === null ? last - first : (cells.calls / rows.perBucket) * compiled.over.bucket;
  return {
    callsPerSecond: cells.calls > 1 && span > 0 ? cells.calls / span / series.size : 0,
    series: series.size,
    totals: cells.toRows(),
  };
}
