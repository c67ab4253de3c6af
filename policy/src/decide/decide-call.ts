import type { ExternalOutcomes } from '../external/types.js';
import { applicable, count } from './applicable.js';
import { byPosition, checksOf } from './ask-outside.js';
import { DetectorResults } from './compile-inline.js';
import type { CompiledInline } from './compile-inline.js';
import { compose } from './compose.js';
import type { Counters } from './counter-table.js';
import { evaluateInline, expiredSay, failedInline, inlineIdentity } from './evaluate-inline.js';
import { exemptedBy } from './exemption.js';
import { failureDisposition } from './failure-table.js';
import type { InlinePlan } from './guardrail-set.js';
import { judgeDirective } from './judge-directive.js';
import type { Say } from './say.js';
import { exemptedSay, failureSay } from './say.js';
import type { DecideInput, Decision, HeldDirective, PhasedDecision } from './types.js';

const NO_DIRECTIVES: readonly HeldDirective[] = [];
const NOTHING_ASKED: PhasedDecision['before'] = [];
/** Of a plan without counters nothing is asked. */
const NO_COUNTERS: Counters = { add: () => undefined, total: () => 0 };
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
  if (saysNothing(plan, input)) return inOnePhase(compose([], 0, undefined));
  const says: Say[] = [];
  const totals = input.host.counters ?? counters;
  for (const { scoping } of plan.counting) count(scoping!, input.point, input.call, totals, input.host.now());
  const { inline, skipped } = applicable(plan.inline, input.call);
  for (const { guardrail, why, exception } of skipped) {
    if (why === 'expired') says.push(expiredSay(guardrail, input));
    else if (why === 'exempted') says.push(exemptedSay(inlineIdentity(guardrail, input), exception, input));
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
      ? NO_DIRECTIVES
      : plan.unmatched.size === 0
        ? input.directives
        : input.directives.filter(({ guardrail }) => !plan.unmatched.has(guardrail));
  let exempted: Set<string> | undefined;
  for (const directive of directives) {
    const exception = exemptedBy(plan.exceptions?.get(directive.guardrail) ?? null, input.call);
    if (exception !== null) {
      (exempted ??= new Set()).add(directive.guardrail);
      const { guardrail: name, revision, mode, action, id } = directive;
      const say = exemptedSay({ name, revision, mode, action, point: 'windowed' }, exception, input);
      says.push({ ...say, verdict: { ...say.verdict, directive: id } });
      continue;
    }
    const outcome = judgeDirective(directive, input);
    if (outcome === 'probe') probe ??= directive;
    else if (outcome !== null) says.push(outcome);
  }
  // A held directive speaks for its guard-rail, whatever it says; without one, silence means "passed" only while an evaluator is connected.
  const held = directives.length === 0 ? null : new Set(directives.map((directive) => directive.guardrail));
  const silent =
    held === null ? plan.windowed : plan.windowed.filter(({ guardrail }) => !held.has(guardrail.metadata.name));
  let evaluated =
    inline.length + plan.broken.length + (held?.size ?? 0) - (exempted?.size ?? 0) - (waiting?.length ?? 0);
  if (input.freshness === 'live') {
    evaluated += silent.length;
  } else {
    for (const { guardrail, revision } of silent) {
      const { spec, metadata } = guardrail;
      const exception = exemptedBy(plan.exceptions?.get(metadata.name) ?? null, input.call);
      if (exception !== null) {
        const identity = { name: metadata.name, revision, mode: spec.mode, action: spec.action };
        says.push(exemptedSay({ ...identity, point: 'windowed' }, exception, input));
        continue;
      }
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
  if (waiting === undefined || decision.end !== null) return inOnePhase(decision);

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

/** True when no guard-rail and no directive is there to say anything: the commonest case at the points that nothing guards. */
function saysNothing(plan: InlinePlan, input: DecideInput): boolean {
  return (
    plan.inline.length === 0 &&
    plan.windowed.length === 0 &&
    plan.broken.length === 0 &&
    plan.counting.length === 0 &&
    (input.point !== 'request' || input.directives.length === 0)
  );
}

function inOnePhase(decision: Decision): PhasedDecision {
  return { decision, before: NOTHING_ASKED, beside: NOTHING_ASKED, settle: () => decision };
}

function sentBefore(say: Say): Say {
  return { ...say, verdict: { ...say.verdict, sentBeforeVerdict: true } };
}
