import type { Action, Mode } from '../document/types.js';
import type { CheckPosition, ExternalCheck, ExternalOutcomes } from '../external/types.js';
import type { CompiledCounter } from './applicable.js';
import { applicable, count } from './applicable.js';
import type { Counters } from './counter-table.js';
import { DetectorResults, ExternalGap, inlineContext, useKey } from './compile-inline.js';
import type { CompiledInline } from './compile-inline.js';
import { GuardspanError } from '../error.js';
import { askPolicy, policyInput, policyKey, policyTrace, reasonsText } from '../rego/ask-policy.js';
import type { RegoOutcome } from '../rego/types.js';
import { compose } from './compose.js';
import { failureDisposition } from './failure-table.js';
import type { InlinePlan } from './guardrail-set.js';
import type {
  DecideInput,
  Decision,
  Disposition,
  Failure,
  HeldDirective,
  PhasedDecision,
  Redaction,
  TraceStep,
  Verdict,
} from './types.js';

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
}

/** Steps of a verdict's trace. */
const MAX_TRACE = 16;
/** Of a plan without counters nothing is asked. */
const NO_COUNTERS: Counters = { add: () => undefined, total: () => 0 };
const ENDING: readonly Disposition[] = ['deny_failclosed', 'deny_stale'];

/**
 * The one decision function (DESIGN section 4): evaluates the plan and the held directives, consults the failure table, composes. Never throws.
 * Guard-rails that need an answer from outside of the process and do not find it in `input.outcomes` are rows of the failure table.
 */
export function decideCall(plan: InlinePlan, input: DecideInput, counters: Counters = NO_COUNTERS): Decision {
  const phased = decideInPhases(plan, input, counters);
  let { decision } = phased;
  const none: ExternalOutcomes = new Map();
  if (phased.before.length > 0) decision = phased.settle('before', none);
  if (phased.beside.length > 0 && decision.end === null) decision = phased.settle('beside', none);
  return decision;
}

/**
 * {@link decideCall} in phases. First everything that needs nothing from outside of the process; a guard-rail whose condition reaches a check outside waits for
 * it, all others do not. When the call ends anyway nothing is asked, and those that waited were not evaluated. Never throws.
 */
export function decideInPhases(plan: InlinePlan, input: DecideInput, counters: Counters = NO_COUNTERS): PhasedDecision {
  const says: Say[] = [];
  const totals = input.host.counters ?? counters;
  for (const { scoping } of plan.counting) count(scoping!, input.point, input.call, totals, input.host.now());
  const { inline, skipped } = applicable(plan.inline, input.call);
  for (const { guardrail, why } of skipped) {
    if (why === 'expired') says.push(expiredSay(guardrail, input));
    else says.push(failedInline(guardrail, 'detector_error', '`where` could not be evaluated', input));
  }
  const results = new DetectorResults(input.texts, input.window, input.soFar);
  if (input.outcomes !== undefined) results.outcomes = input.outcomes;
  let waiting: CompiledInline[] | undefined;
  for (const guardrail of inline) {
    const say =
      input.failure === undefined
        ? evaluateInline(guardrail, input, results, totals, true)
        : failedInline(guardrail, input.failure, `the guard could not decide (${input.failure})`, input);
    if (say === 'waits') (waiting ??= []).push(guardrail);
    else if (say !== null) says.push(say);
  }
  results.settle();
  for (const { name, revision, guardrail, actionClass } of plan.broken) {
    const { spec } = guardrail;
    says.push(
      failureSay(
        { name, revision, mode: spec.mode, action: spec.action, point: input.point },
        'unparsable',
        failureDisposition({ failure: 'unparsable', actionClass, ...spec }),
        'the document cannot be read here',
        input,
      ),
    );
  }
  let probe: HeldDirective | undefined;
  const directives =
    input.point !== 'request'
      ? []
      : plan.unmatched.size === 0
        ? input.directives
        : input.directives.filter(({ guardrail }) => !plan.unmatched.has(guardrail));
  for (const directive of directives) {
    const outcome = judgeDirective(directive, input);
    if (outcome === 'probe') probe ??= directive;
    else if (outcome !== null) says.push(outcome);
  }
  // A held directive speaks for its guard-rail, whatever it says; without one, silence means "passed" only while an evaluator is connected.
  const held = new Set(directives.map((directive) => directive.guardrail));
  const silent = plan.windowed.filter(({ guardrail }) => !held.has(guardrail.metadata.name));
  let evaluated = inline.length + plan.broken.length + held.size - (waiting?.length ?? 0);
  if (input.freshness === 'live') {
    evaluated += silent.length;
  } else {
    for (const { guardrail, revision } of silent) {
      const { spec, metadata } = guardrail;
      const disposition = failureDisposition({ failure: 'no_evaluator', actionClass: 'quality', ...spec });
      says.push(
        failureSay(
          { name: metadata.name, revision, mode: spec.mode, action: spec.action, point: 'windowed' },
          'no_evaluator',
          disposition,
          'no evaluator is connected',
          input,
        ),
      );
    }
  }
  const decision = compose(says, evaluated, probe);
  if (waiting === undefined || decision.end !== null)
    return { decision, before: [], beside: [], settle: () => decision };

  const queues = byPosition(waiting);
  return {
    decision,
    before: checksOf(queues.before, 'before', input, results),
    beside: checksOf(queues.beside, 'beside', input, results),
    settle: (position, outcomes) => {
      results.outcomes = new Map([...results.outcomes, ...outcomes]);
      for (const guardrail of queues[position]) {
        const say = evaluateInline(guardrail, input, results, totals, false);
        if (say === null || say === 'waits') continue;
        says.push(position === 'beside' ? sentBefore(say) : say);
      }
      evaluated += queues[position].length;
      return compose(says, evaluated, probe);
    },
  };
}

// One use that must be known before the call is sent makes the whole guard-rail wait before it.
function byPosition(waiting: readonly CompiledInline[]): Record<CheckPosition, CompiledInline[]> {
  const queues: Record<CheckPosition, CompiledInline[]> = { before: [], beside: [] };
  for (const guardrail of waiting) {
    const asked = [...guardrail.external, guardrail.guardrail.spec.rego];
    const before = asked.some((use) => use?.external?.position === 'before');
    queues[before ? 'before' : 'beside'].push(guardrail);
  }
  return queues;
}

function checksOf(
  guardrails: readonly CompiledInline[],
  position: CheckPosition,
  input: DecideInput,
  results: DetectorResults,
): ExternalCheck[] {
  const checks = new Map<string, ExternalCheck>();
  for (const guardrail of guardrails) {
    const { rego } = guardrail.guardrail.spec;
    if (rego?.external !== undefined) {
      const key = policyKey(guardrail);
      const question = {
        ...({ kind: 'rego', name: rego.engine, path: rego.path } as const),
        input: policyInput(guardrail, input.call, results),
      };
      checks.set(key, { key, position, deadline: rego.external.deadline, question });
    }
    for (const use of guardrail.external) {
      const key = useKey(use);
      // Asked once; the guard-rail with the least patience says for how long.
      const deadline = Math.min(use.external!.deadline, checks.get(key)?.deadline ?? Infinity);
      const { detector: name, entities, minScore } = use;
      const question = { kind: 'detector', name, entities, minScore, parts: results.parts() } as const;
      checks.set(key, { key, position, deadline, question });
    }
  }
  return [...checks.values()];
}

function sentBefore(say: Say): Say {
  return { ...say, verdict: { ...say.verdict, sentBeforeVerdict: true } };
}

function evaluateInline(
  guardrail: CompiledInline,
  input: DecideInput,
  results: DetectorResults,
  counters: Counters,
  mayWait: boolean,
): Say | 'waits' | null {
  const { spec } = guardrail.guardrail;
  const identity = {
    name: guardrail.name,
    revision: guardrail.revision,
    mode: spec.mode,
    action: spec.action,
    point: input.point,
  } as const;
  const { scoping } = guardrail;
  const total = ({ id, key, window }: CompiledCounter): number =>
    counters.total(id, key(input.call), window, input.host.now());
  const bare = scoping === null && Object.keys(spec.uses).length === 0;
  const context = bare ? input.call : inlineContext(input.call, spec.uses, results, scoping, total);
  const redactions: Redaction[] = [];
  let policy: RegoOutcome | null;
  try {
    if (!guardrail.condition.evaluate(context)) return null;
    policy = askPolicy(guardrail, input, results);
    if (policy?.says === 'pass') return null;
    if (spec.action.type === 'redact' && policy?.says !== 'warn') {
      const replacement = spec.action.with;
      for (const name of spec.action.detections) {
        for (const finding of results.findings(spec.uses[name]!)) {
          if (finding.path === '' && spec.uses[name]!.external !== undefined) throw new UnplacedFinding();
          redactions.push({
            path: finding.path,
            start: finding.start,
            end: finding.end,
            entity: finding.entity,
            replacement: replacement.replaceAll('{entity}', finding.entity),
            guardrail: guardrail.name,
          });
        }
      }
    }
  } catch (error) {
    const gap = gapIn(error);
    if (gap !== undefined && gap.outcome === undefined && mayWait) return 'waits';
    return failedInline(guardrail, gap?.outcome?.failure ?? 'detector_error', failureMessage(error, gap), input);
  }
  const stale = input.freshness !== 'live';
  const trace = guardrail.condition.trace(context);
  return sayOf(identity, {
    code: policy === null ? 'condition' : policy.says === 'warn' ? 'rego_warn' : 'rego',
    message: inlineMessage(withTotals(spec.message, scoping, total), guardrail, results, policy),
    trace: policy === null ? trace : [...trace.slice(0, MAX_TRACE - 2), ...policyTrace(guardrail, policy)],
    // What a policy only warns of is recorded, whatever the mode.
    disposition:
      spec.mode !== 'enforce' || policy?.says === 'warn' ? 'would_act' : stale ? 'enforced_stale' : 'enforced',
    redactions,
    input,
  });
}

function failedInline(guardrail: CompiledInline, failure: Failure, message: string, input: DecideInput): Say {
  const { spec } = guardrail.guardrail;
  const disposition = failureDisposition({ failure, actionClass: guardrail.actionClass, ...spec });
  const { name, revision } = guardrail;
  return failureSay(
    { name, revision, mode: spec.mode, action: spec.action, point: input.point },
    failure,
    disposition,
    message,
    input,
  );
}

/** "Did not run" never looks like "passed", also when it was its author's wish. */
function expiredSay({ name, revision, guardrail: { spec } }: CompiledInline, input: DecideInput): Say {
  const identity = { name, revision, mode: spec.mode, action: spec.action, point: input.point };
  const say = failureSay(identity, 'unparsable', 'not_evaluated', 'the guard-rail has expired', input);
  return { ...say, verdict: { ...say.verdict, code: 'expired' } };
}

/** Something was found that has to be redacted, and nobody knows where. */
class UnplacedFinding extends Error {}

// The CEL engine may wrap what a variable throws.
function gapIn(error: unknown): ExternalGap | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ExternalGap) return cause;
  return undefined;
}

function failureMessage(error: unknown, gap: ExternalGap | undefined): string {
  if (gap !== undefined) return gap.outcome?.message ?? 'this call cannot wait for a check outside of the process';
  if (error instanceof UnplacedFinding)
    return 'a detector found something and did not say where, so it cannot be redacted';
  // These speak of the shape of the answer, never of its content.
  if (error instanceof GuardspanError && /^GUARDSPAN_REGO/.test(error.code)) return error.message;
  return `the condition could not be evaluated (${(error as { code?: string }).code ?? 'error'})`;
}

function withTotals(
  template: string,
  scoping: CompiledInline['scoping'],
  total: (counter: CompiledCounter) => number,
): string {
  let text = template;
  for (const counter of scoping?.counters ?? [])
    text = text.replaceAll(`{${counter.name}}`, () => String(total(counter)));
  return text;
}

function inlineMessage(
  template: string,
  { name, guardrail }: CompiledInline,
  results: DetectorResults,
  policy: RegoOutcome | null,
): string {
  const { uses } = guardrail.spec;
  const reasons = policy === null ? '' : reasonsText(policy);
  if (template === '') return reasons === '' ? `guard-rail ${name} found a violation` : reasons;
  return template.replace(/\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, key: string) => {
    if (!Object.hasOwn(uses, key)) return key === 'reasons' && policy !== null ? reasons : whole;
    try {
      return String(results.findings(uses[key]!).length + (results.before(uses[key]!)?.count ?? 0));
    } catch {
      // The condition held without this detector, which nobody has asked.
      return '?';
    }
  });
}

function judgeDirective(directive: HeldDirective, input: DecideInput): Say | 'probe' | null {
  const { action } = directive;
  const identity = {
    name: directive.guardrail,
    revision: directive.revision,
    mode: directive.mode,
    action,
    point: 'windowed',
  } as const;
  const detail = {
    message: directive.message,
    trace: directive.trace,
    input,
    directive: directive.id,
    verdict: directive.verdict,
  };
  let disposition: Disposition = directive.mode === 'enforce' ? 'enforced' : 'would_act';
  if (directive.stale) {
    const settled = failureDisposition({
      failure: 'stale',
      actionClass: 'quality',
      mode: directive.mode,
      onError: 'allow',
      onStale: directive.onStale,
    });
    if (settled !== 'enforced_stale')
      return {
        ...sayOf(identity, { ...detail, code: 'stale', disposition: settled, redactions: [] }),
        closes: settled === 'deny_stale',
      };
    disposition = settled;
  }
  if (
    directive.mode === 'enforce' &&
    (action.type === 'reroute' || action.type === 'throttle' || action.type === 'shutdown')
  ) {
    if (input.host.forbids(action, directive.guardrail) === null && input.host.takeProbe(directive)) return 'probe';
  }
  if (action.type === 'reroute' && action.percent < 100 && input.host.random() * 100 >= action.percent) return null;
  if (
    action.type === 'throttle' &&
    directive.mode === 'enforce' &&
    input.host.tryAcquire(directive.id, action.rate, action.burst)
  )
    return null;
  return sayOf(identity, { ...detail, code: directive.code, disposition, redactions: [] });
}

interface Identity {
  name: string;
  revision: string;
  mode: Mode;
  action: Action;
  point: Verdict['point'];
}
interface Detail {
  code: string;
  message: string;
  trace: TraceStep[];
  disposition: Disposition;
  redactions: Redaction[];
  input: DecideInput;
  directive?: string;
  verdict?: string;
}

function sayOf(identity: Identity, detail: Detail): Say {
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
  };
}

function failureSay(
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
  };
}
