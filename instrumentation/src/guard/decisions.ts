import type { Decision, PhasedDecision, Verdict } from '@guardspan/policy/runtime';

/** A decision where nothing was evaluated. A new object each time: callers may keep it. */
export function notEvaluated(): Decision {
  return {
    action: 'allow',
    disposition: 'not_evaluated',
    verdicts: [],
    evaluated: 0,
    end: null,
    redactions: [],
    reroute: null,
    annotations: {},
    probe: false,
    directive: '',
  };
}

/** A decision that waits for nothing. */
export function inOnePhase(decision: Decision): PhasedDecision {
  return { decision, before: [], beside: [], settle: () => decision };
}

/** The verdict that decided: of the strongest disposition; undefined when all passed. */
export function decidingVerdict(decision: Decision): Verdict | undefined {
  return decision.verdicts.find(({ disposition }) => disposition === decision.disposition) ?? decision.verdicts[0];
}
