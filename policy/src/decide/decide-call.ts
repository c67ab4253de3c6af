import type { ExternalOutcomes } from '../external/types.js';
import { applicable, count } from './applicable.js';
import type { Skipped } from './applicable.js';
import { byPosition, checksOf } from './ask-outside.js';
import { DetectorResults } from './compile-inline.js';
import type { CompiledInline } from './compile-inline.js';
import { compose } from './compose.js';
import type { Counters } from './counter-table.js';
import { evaluateInline, failedInline, inlineIdentity } from './evaluate-inline.js';
import { failureDisposition } from './failure-table.js';
import type { InlinePlan } from './guardrail-set.js';
import type { TotalOf } from './inline-context.js';
import type { Say } from './say.js';
import { exemptedSay, expiredSay, failureSay } from './say.js';
import { sayWindowed } from './say-windowed.js';
import type { WindowedSays } from './say-windowed.js';
import type { DecideInput, Decision, Failure, PhasedDecision } from './types.js';

const NOTHING_ASKED: PhasedDecision['before'] = [];
/** What is decided where nothing could say anything, which is the commonest case at most points: one for all calls, which nobody can change. */
export const NOTHING_SAID: PhasedDecision = Object.freeze(inOnePhase(frozen(compose([], 0, undefined))));
/** Of a plan without counters nothing is asked. */
const NO_COUNTERS: Counters = { add: () => undefined, total: () => 0 };
/** Of a plan whose guard-rails judge all of its calls. */
const NOBODY: ReturnType<typeof applicable> = { inline: [], skipped: [] };
/** Guard-rails that judge all of a plan's calls have no counters. */
const NO_TOTAL: TotalOf = () => 0;

/**
 * The one decision function: evaluates the plan and the held directives, consults the failure table, composes. Never throws.
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
  if (isSilent(plan) && (input.point !== 'request' || input.directives.length === 0)) return NOTHING_SAID;
  // Nothing in here is closed over, so that a call for which nothing is counted and nothing waits makes nothing for it.
  const says: Say[] = [];
  const totals = input.host.counters ?? counters;
  for (const { scoping } of plan.counting) count(scoping!, input.point, input.call, totals, input.host.now());
  const partly = plan.partly.length === 0 ? NOBODY : applicable(plan.partly, input.call);
  const total = plan.partly.length === 0 ? NO_TOTAL : totalsFor(input, totals);
  for (const skipped of partly.skipped) says.push(skippedSay(skipped, input));
  const results = new DetectorResults(input.texts, input.window, input.soFar, input.call);
  if (input.outcomes !== undefined) results.outcomes = input.outcomes;
  let waiting: CompiledInline[] | undefined;
  if (input.failure !== undefined) sayFailure(input.failure, plan, partly.inline, input, says);
  else {
    for (const { guardrail, findings } of plan.asked) {
      if (findings !== null && results.foundNothing(findings)) continue;
      if (waits(guardrail, input, results, total, says)) (waiting ??= []).push(guardrail);
    }
    for (const guardrail of partly.inline)
      if (waits(guardrail, input, results, total, says)) (waiting ??= []).push(guardrail);
  }
  results.settle();
  for (const broken of plan.broken) says.push(brokenSay(broken, input));
  const { probe, spoken } = sayWindowed(plan, input, says);
  const judged = plan.inline.length - plan.partly.length + partly.inline.length - (waiting?.length ?? 0);
  const evaluated = judged + plan.broken.length + spoken;
  const decision = compose(says, evaluated, probe);
  if (waiting === undefined || decision.end !== null) return inOnePhase(decision);
  return waitFor(waiting, { decision, says, evaluated, probe }, input, results, total);
}

/** What is decided before those who wait have their answers. */
interface Known extends Pick<WindowedSays, 'probe'> {
  decision: Decision;
  says: Say[];
  evaluated: number;
}

/** A decision that goes on when checks outside of the process are known. */
function waitFor(
  waiting: readonly CompiledInline[],
  { decision, says, evaluated, probe }: Known,
  input: DecideInput,
  results: DetectorResults,
  total: TotalOf,
): PhasedDecision {
  const queues = byPosition(waiting);
  let judged = evaluated;
  return {
    decision,
    before: checksOf(queues.before, 'before', input, results),
    beside: checksOf(queues.beside, 'beside', input, results),
    settle: (position, outcomes) => {
      results.outcomes = new Map([...results.outcomes, ...outcomes]);
      for (const guardrail of queues[position]) {
        const say = evaluateInline(guardrail, input, results, total, false);
        if (say === null || say === 'waits') continue;
        says.push(position === 'beside' ? sentBefore(say) : say);
      }
      judged += queues[position].length;
      return compose(says, judged, probe);
    },
  };
}

function totalsFor({ call, host }: DecideInput, counters: Counters): TotalOf {
  return ({ id, key, window }) => counters.total(id, key(call), window, host.now());
}

/** What is said for a guard-rail that could not be loaded. */
function brokenSay({ name, revision, guardrail, actionClass }: InlinePlan['broken'][number], input: DecideInput): Say {
  const { spec } = guardrail;
  return failureSay(
    { name, revision, mode: spec.mode, action: spec.action, point: input.point },
    'unparsable',
    failureDisposition({ failure: 'unparsable', actionClass, ...spec }),
    'the document cannot be read here',
    input,
  );
}

/** Why a guard-rail that matches a call does not judge it. */
function skippedSay({ guardrail, why, exception }: Skipped, input: DecideInput): Say {
  if (why === 'expired') return expiredSay(inlineIdentity(guardrail, input), input);
  if (why === 'exempted') return exemptedSay(inlineIdentity(guardrail, input), exception, input);
  return failedInline(guardrail, 'detector_error', '`where` could not be evaluated', input);
}

/** Asks a guard-rail and adds what it says. True when it waits for a check outside of the process. */
function waits(
  guardrail: CompiledInline,
  input: DecideInput,
  results: DetectorResults,
  total: TotalOf,
  says: Say[],
): boolean {
  const say = evaluateInline(guardrail, input, results, total, true);
  if (say === 'waits') return true;
  if (say !== null) says.push(say);
  return false;
}

/** Adds what guard-rails say when nothing could be judged. @param partly Those of {@link InlinePlan.partly} that judge the call. */
function sayFailure(
  failure: Failure,
  plan: InlinePlan,
  partly: readonly CompiledInline[],
  input: DecideInput,
  says: Say[],
): void {
  const wholly = plan.inline.filter((guardrail) => !plan.partly.includes(guardrail));
  for (const guardrail of [...wholly, ...partly]) {
    // Some have no business with texts.
    if (input.failedText === true && !guardrail.readsText) continue;
    says.push(failedInline(guardrail, failure, `the guard could not decide (${failure})`, input));
  }
}

/** True when no guard-rail is there to say anything: the commonest case at the points that nothing guards. A directive may be, at the request. */
export function isSilent(plan: InlinePlan): boolean {
  return (
    plan.inline.length === 0 && plan.windowed.length === 0 && plan.broken.length === 0 && plan.counting.length === 0
  );
}

function frozen(decision: Decision): Decision {
  for (const value of Object.values(decision)) Object.freeze(value);
  return Object.freeze(decision);
}

function inOnePhase(decision: Decision): PhasedDecision {
  return { decision, before: NOTHING_ASKED, beside: NOTHING_ASKED, settle: () => decision };
}

function sentBefore(say: Say): Say {
  return { ...say, verdict: { ...say.verdict, sentBeforeVerdict: true } };
}
