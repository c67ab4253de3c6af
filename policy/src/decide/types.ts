import type { ModelCall } from '../call/model-call.js';
import type { Action, ActionType, InlinePoint, Mode } from '../document/types.js';
import type { RewriteStep, TextRewrite } from './rewrite-types.js';
import type { Counters } from './counter-table.js';
import type { DetectorTally } from './detector-tally.js';
import type { RegoAnswer, RegoInput, RegoUse } from '../rego/types.js';
import type { CheckPosition, ExternalCheck, ExternalOutcomes } from '../external/types.js';

/** How a decision came about: a closed set, never merged in spans, metrics or audit. From weakest to strongest. */
export const DISPOSITIONS = [
  'allow',
  'not_evaluated',
  'exempted',
  'would_act',
  'allow_failopen',
  'allow_stale',
  'enforced_stale',
  'enforced',
  'deny_stale',
  'deny_failclosed',
] as const;
/** One of {@link DISPOSITIONS}. */
export type Disposition = (typeof DISPOSITIONS)[number];

/** What a guard-rail says about a call or a series. */
export type VerdictOutcome = 'pass' | 'violation' | 'not_evaluated';

/** Why a guard could not decide: the rows of the failure table. */
export const FAILURES = ['unparsable', 'detector_error', 'deadline', 'saturated', 'stale', 'no_evaluator'] as const;
/** One of {@link FAILURES}. */
export type Failure = (typeof FAILURES)[number];

/** The columns of the failure table: content (deny, redact, rewrite) fails closed, quality fails open, unless the document says otherwise. */
export type ActionClass = 'content' | 'quality';

/** One step of a condition: which sub-expression, what it came to, and whether it was reached. Holds no content: strings are shown by length only unless they are configuration or identity. */
export interface TraceStep {
  expression: string;
  value: string | number | boolean | null;
  evaluated: boolean;
}

/** A non-pass verdict of one guard-rail, inline or by directive. */
export interface Verdict {
  /** Random, 16 bytes hexadecimal; for a directive the id of the windowed verdict. */
  id: string;
  guardrail: string;
  revision: string;
  mode: Mode;
  point: InlinePoint | 'windowed';
  outcome: VerdictOutcome;
  /** Closed, low-cardinality: `condition`, `rego`, `rego_warn`, or a {@link Failure}, `conflict`, `expired`, `forbidden_here`, `killed`, `unsupported_here`, `exempted`. */
  code: string;
  message: string;
  /** The action that the guard-rail asks for. */
  action: ActionType;
  disposition: Disposition;
  /** At most 16 steps. */
  trace: TraceStep[];
  /** Id of the directive, or empty. */
  directive: string;
  /** True when the request had left for the model before this verdict was known (`position: beside`); otherwise absent. */
  sentBeforeVerdict?: boolean;
  /** Name of the exception that exempted the call from the guard-rail (disposition `exempted`); otherwise absent. */
  exception?: string;
}

/** A piece of text of a request or an answer. `path` is the adapter's own and opaque here. */
export interface TextPart {
  path: string;
  /** `system`, `user`, `assistant`, `tool`, or empty. */
  role: string;
  text: string;
  /** Present when the text is what a tool is given (arguments of a call): the name of the tool, empty when it is not known. */
  tool?: string;
}

/** One stretch of text to be replaced: UTF-16 offsets into {@link TextPart.text}. */
export interface Redaction {
  path: string;
  start: number;
  end: number;
  entity: string;
  replacement: string;
  guardrail: string;
}

/** Why the call ends without an answer from the model that it asked for. */
export interface CallEnd {
  kind: 'deny' | 'shutdown' | 'throttle';
  guardrail: string;
  verdict: string;
  status: number;
  /** Seconds; 0 for none. */
  retryAfter: number;
  guidance: string;
  message: string;
  /** Declared target that answers instead of an error (shutdown only), or empty. */
  fallback: string;
}

/** What to do with one call at one point. */
export interface Decision {
  /** The strongest thing that is done; `allow` when nothing is. */
  action: ActionType | 'allow';
  /** The strongest disposition among the verdicts; `allow` when guard-rails were evaluated and all passed, `not_evaluated` when none was. */
  disposition: Disposition;
  /** All non-pass verdicts, whatever their mode, in order of guard-rail name. */
  verdicts: Verdict[];
  /** Number of guard-rails that were evaluated. */
  evaluated: number;
  end: CallEnd | null;
  redactions: Redaction[];
  /** Texts that are to be rewritten still, in order, after the redactions ({@link RewriteStep}); absent when none, for nearly every call. */
  rewriting?: RewriteStep[];
  /** What became of texts that were rewritten, redactions included; absent when none was. */
  rewrites?: TextRewrite[];
  reroute: { to: string; guardrail: string; directive: string } | null;
  annotations: { [key: string]: string };
  /** Guard-rails that mark a share of the traces, as long as the trace is not known (`settleSampling`); absent when none, for nearly every call. */
  sampling?: SampleStep[];
  /** True when the call is marked for samplers of traces; otherwise absent. */
  sample?: true;
  /** The call is let through a directive to probe recovery. */
  probe: boolean;
  /** Id of the directive that decided or whose probe this is; empty when none. */
  directive: string;
}

/** One guard-rail that marks a share of the traces. */
export interface SampleStep {
  guardrail: string;
  /** 0..100. */
  percent: number;
}

/** An active directive as the process holds it. */
export interface HeldDirective {
  id: string;
  guardrail: string;
  revision: string;
  /** Id of the windowed verdict. */
  verdict: string;
  /** Field name of `scope` to value. */
  scope: { [field: string]: string };
  action: Action;
  mode: Mode;
  code: string;
  message: string;
  trace: TraceStep[];
  onStale: 'keep' | 'allow' | 'deny';
  /** True when its lease has ended. */
  stale: boolean;
}

/** What the deciding process lends to the pure function. */
export interface DecideHost {
  /** 0 <= x < 1. */
  random(): number;
  /** 16 random bytes in hexadecimal. */
  newId(): string;
  /** Seconds, monotonic; for throttle and probe bookkeeping by the host. */
  now(): number;
  /** True when the call may pass the throttle of this directive or guard-rail. */
  tryAcquire(key: string, rate: number, burst: number): boolean;
  /** Counters of the process, which outlive a set of guard-rails; absent: each set has its own. */
  readonly counters?: Counters;
  /** True when this call is let through as a probe. */
  takeProbe(directive: HeldDirective): boolean;
  /** The answer of a policy engine in this process; undefined when it has none of this name. `input` is made only when it has. Absent: there are no engines. */
  rego?(use: RegoUse, input: () => RegoInput): RegoAnswer | undefined;
  /** Why an action may not be taken here (`forbidden_here` by local configuration, `unsupported_here` at this call site, `killed`), or null. */
  forbids(action: Action, guardrail: string): 'forbidden_here' | 'unsupported_here' | 'killed' | null;
}

/** How fresh the process's knowledge is. `live`: connected. `stale`: last-known-good without a connection. `none`: never had any. */
export type Freshness = 'live' | 'stale' | 'none';

/** Input of `decide()`. */
export interface DecideInput {
  point: InlinePoint;
  call: ModelCall;
  /** Called at most once, and only when a detector is reached. */
  texts: () => readonly TextPart[];
  directives: readonly HeldDirective[];
  freshness: Freshness;
  host: DecideHost;
  /** At `chunk`: which stretch of the text is judged now. Absent: all of it. */
  window?: TextWindow;
  /** The guards at this point cannot decide, for this reason: every one of them becomes a row of the failure table. */
  failure?: Failure;
  /** With `failure`: it is about a text that is for no tool. What only tools are given to judge is no business of it. */
  failedText?: boolean;
  /** At `chunk`: what detectors found in the answer before; results are counted on top of it and added to it. */
  soFar?: DetectorTally;
  /** What a caller that asks nothing outside of the process knows already, for example the tests of a document. */
  outcomes?: ExternalOutcomes;
}

/** The stretch of a text that is judged: findings that begin in `from <= start < until`, UTF-16 offsets. What lies around it is context. */
export interface TextWindow {
  from: number;
  until: number;
}

/** A decision that may have to wait for checks outside of the process. */
export interface PhasedDecision {
  /** What holds without the checks. Final when there are none. */
  readonly decision: Decision;
  /** What to ask before the call goes on; empty when nothing, also when the call ends anyway. */
  readonly before: readonly ExternalCheck[];
  /** What to ask while the model is asked. */
  readonly beside: readonly ExternalCheck[];
  /**
   * The decision with the outcomes of one position; a check that is missing counts as `detector_error`. Call it once for each position that has checks, `before` first.
   * Never throws; the host must be bound to this call again.
   */
  settle(position: CheckPosition, outcomes: ExternalOutcomes): Decision;
}
