import type { Action, Mode } from '../document/types.js';
import type { RewriteStep } from './rewrite-types.js';
import type { DecideInput, Disposition, Failure, Redaction, TraceStep, Verdict } from './types.js';

/** One guard-rail's say about a call, before composition. */
export interface Say {
  verdict: Verdict;
  /** What is to be done if this say takes part in composition. */
  action: Action;
  /** True when it takes part: enforced, or closed by a failure. */
  acts: boolean;
  /** For a failure that is closed: the call ends whatever the action was. */
  closes: boolean;
  redactions: Redaction[];
  /** Null unless it rewrites. */
  rewrite: RewriteStep | null;
}

/** Which guard-rail speaks, and where. */
export interface Identity {
  name: string;
  revision: string;
  mode: Mode;
  action: Action;
  point: Verdict['point'];
}

/** What a guard-rail that could decide has to say. */
export interface SayDetail {
  code: string;
  message: string;
  trace: TraceStep[];
  disposition: Disposition;
  redactions: Redaction[];
  rewrite?: RewriteStep | null;
  input: DecideInput;
  directive?: string;
  verdict?: string;
}

const ENDING: readonly Disposition[] = ['deny_failclosed', 'deny_stale'];

/** The say of a guard-rail that could decide; the host may forbid its action, and a rate or a share may let the call through. */
export function sayOf(identity: Identity, detail: SayDetail): Say {
  let { disposition, code } = detail;
  let acts = disposition === 'enforced' || disposition === 'enforced_stale' || ENDING.includes(disposition);
  if (acts) {
    const forbidden = detail.input.host.forbids(identity.action, identity.name);
    if (forbidden !== null) {
      // Never "passed": the record says that the guard wanted to act and was kept from it.
      code = forbidden;
      disposition = 'allow_failopen';
      acts = false;
    } else if (identity.action.type === 'throttle' && identity.point !== 'windowed' && identity.action.rate > 0) {
      acts = !detail.input.host.tryAcquire(identity.name, identity.action.rate, identity.action.burst);
      if (!acts) disposition = 'allow';
    } else if (
      identity.action.type === 'reroute' &&
      identity.point !== 'windowed' &&
      identity.action.percent < 100 &&
      detail.input.host.random() * 100 >= identity.action.percent
    ) {
      disposition = 'allow';
      acts = false;
    }
  }
  return {
    verdict: {
      id: detail.verdict ?? detail.input.host.newId(),
      guardrail: identity.name,
      revision: identity.revision,
      mode: identity.mode,
      point: identity.point,
      outcome: 'violation',
      code,
      message: detail.message,
      action: identity.action.type,
      disposition,
      trace: detail.trace,
      directive: detail.directive ?? '',
    },
    action: identity.action,
    acts,
    closes: false,
    redactions: acts ? detail.redactions : [],
    rewrite: acts ? (detail.rewrite ?? null) : null,
  };
}

/** The say of a guard-rail that could not decide, for what the failure table makes of that. */
export function failureSay(
  identity: Identity,
  failure: Failure,
  disposition: Disposition,
  message: string,
  input: DecideInput,
): Say {
  const closes = ENDING.includes(disposition);
  const killed =
    closes && input.host.forbids({ type: 'deny', status: 503, retryAfter: 0, guidance: '' }, identity.name) !== null;
  return {
    verdict: {
      id: input.host.newId(),
      guardrail: identity.name,
      revision: identity.revision,
      mode: identity.mode,
      point: identity.point,
      outcome: 'not_evaluated',
      code: killed ? 'killed' : failure,
      message,
      action: identity.action.type,
      disposition: killed ? 'allow_failopen' : disposition,
      trace: [],
      directive: '',
    },
    action: identity.action,
    acts: closes && !killed,
    closes: closes && !killed,
    redactions: [],
    rewrite: null,
  };
}

/** The say of a guard-rail that nobody asked, because somebody answers for that. */
export function exemptedSay(identity: Identity, exception: string, input: DecideInput): Say {
  const say = failureSay(identity, 'unparsable', 'exempted', `the call is exempt by the exception ${exception}`, input);
  return { ...say, verdict: { ...say.verdict, code: 'exempted', exception } };
}

/** "Did not run" never looks like "passed", also when it was its author's wish. */
export function expiredSay(identity: Identity, input: DecideInput): Say {
  const say = failureSay(identity, 'unparsable', 'not_evaluated', 'the guard-rail has expired', input);
  return { ...say, verdict: { ...say.verdict, code: 'expired' } };
}
