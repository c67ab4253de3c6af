import { DISPOSITIONS } from '@guardspan/policy/runtime';
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

function rank(decision: Decision): number {
  return DISPOSITIONS.indexOf(decision.disposition);
}

/** The decisions at the request and at the response as one. Whatever was evaluated at one point makes the call evaluated. */
export function combined(request: Decision, response: Decision | null): Decision {
  if (response === null || (response.evaluated === 0 && response.verdicts.length === 0)) return request;
  const bare = request.evaluated === 0 && request.verdicts.length === 0;
  const stronger = !bare && rank(request) >= rank(response) ? request : response;
  return {
    action:
      stronger.action !== 'allow' ? stronger.action : request.action !== 'allow' ? request.action : response.action,
    disposition: stronger.disposition,
    verdicts: [...request.verdicts, ...response.verdicts],
    evaluated: request.evaluated + response.evaluated,
    end: request.end ?? response.end,
    redactions: [...request.redactions, ...response.redactions],
    reroute: request.reroute,
    annotations: { ...request.annotations, ...response.annotations },
    probe: request.probe,
    directive: request.directive,
  };
}

/** The verdict that decided: of the strongest disposition; undefined when all passed. */
export function decidingVerdict(decision: Decision): Verdict | undefined {
  return decision.verdicts.find(({ disposition }) => disposition === decision.disposition) ?? decision.verdicts[0];
}
