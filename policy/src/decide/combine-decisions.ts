import { DISPOSITIONS } from './types.js';
import type { Decision } from './types.js';

function rank(decision: Decision): number {
  return DISPOSITIONS.indexOf(decision.disposition);
}

/** The decisions at two points of a call as one. Whatever was evaluated at one point makes the call evaluated. */
export function combineDecisions(earlier: Decision, later: Decision | null): Decision {
  if (later === null || (later.evaluated === 0 && later.verdicts.length === 0)) return earlier;
  const bare = earlier.evaluated === 0 && earlier.verdicts.length === 0;
  const stronger = !bare && rank(earlier) >= rank(later) ? earlier : later;
  const combined: Decision = {
    action: stronger.action !== 'allow' ? stronger.action : earlier.action !== 'allow' ? earlier.action : later.action,
    disposition: stronger.disposition,
    verdicts: [...earlier.verdicts, ...later.verdicts],
    evaluated: earlier.evaluated + later.evaluated,
    end: earlier.end ?? later.end,
    redactions: [...earlier.redactions, ...later.redactions],
    reroute: earlier.reroute,
    annotations: { ...earlier.annotations, ...later.annotations },
    probe: earlier.probe,
    directive: earlier.directive,
  };
  const rewriting = both(earlier.rewriting, later.rewriting);
  if (rewriting !== undefined) combined.rewriting = rewriting;
  const rewrites = both(earlier.rewrites, later.rewrites);
  if (rewrites !== undefined) combined.rewrites = rewrites;
  const sampling = both(earlier.sampling, later.sampling);
  if (sampling !== undefined) combined.sampling = sampling;
  if (earlier.sample === true || later.sample === true) combined.sample = true;
  return combined;
}

function both<T>(earlier: T[] | undefined, later: T[] | undefined): T[] | undefined {
  return earlier === undefined ? later : later === undefined ? earlier : [...earlier, ...later];
}
