import { rolloutShare } from './rollout-share.js';
import { stronger, strongestAction } from './strongest.js';
import type { Decision, Disposition } from './types.js';

/** One for all guard-rails and services, so that they agree about a trace. */
const SEED = 'guardspan.sample';

/** Where a trace stands among all: 0 <= x < 100, the same in every process and language. See {@link rolloutShare}. */
export function traceShare(traceId: string): number {
  return rolloutShare(SEED, traceId);
}

/**
 * The decision when it is known where the trace stands (0 <= `share` < 100): the call is marked when a guard-rail samples more than that. A guard-rail that leaves this trace
 * out has let the call pass. A decision that samples nothing is returned as it is.
 */
export function settleSampling(decision: Decision, share: number): Decision {
  const { sampling, ...rest } = decision;
  if (sampling === undefined) return decision;
  const chosen = new Set(sampling.filter(({ percent }) => share < percent).map(({ guardrail }) => guardrail));
  const asked = new Set(sampling.map(({ guardrail }) => guardrail));
  const verdicts = rest.verdicts.map((verdict) => {
    const leftOut = verdict.action === 'sample' && asked.has(verdict.guardrail) && !chosen.has(verdict.guardrail);
    return leftOut ? { ...verdict, disposition: 'allow' as const } : verdict;
  });
  const disposition = verdicts.reduce<Disposition>((most, verdict) => stronger(most, verdict.disposition), 'allow');
  const settled: Decision = { ...rest, verdicts, disposition, ...(chosen.size === 0 ? {} : { sample: true }) };
  return { ...settled, action: strongestAction(settled) };
}
