import { whereHolds } from './applicable.js';
import { exemptedBy } from './exemption.js';
import { failureDisposition } from './failure-table.js';
import type { InlinePlan, NarrowedGuardrail } from './guardrail-set.js';
import { judgeDirective } from './judge-directive.js';
import { exemptedSay, expiredSay, failureSay } from './say.js';
import type { Identity, Say } from './say.js';
import type { DecideInput, HeldDirective } from './types.js';

/** What windowed guard-rails came to for one call. */
export interface WindowedSays {
  /** The directive whose probe the call is. */
  probe: HeldDirective | undefined;
  /** Number of guard-rails that were evaluated. */
  spoken: number;
}

const NOBODY: ReadonlySet<string> = new Set();

/**
 * What windowed guard-rails say about a call: by the directives that are held, and, of those that hold none, by the failure table when no evaluator is
 * connected. Adds to `says`. Only for the calls that the evaluator counts: `match`, `exclude`, `where` and `expires` are asked here as they are there.
 */
export function sayWindowed(plan: InlinePlan, input: DecideInput, says: Say[]): WindowedSays {
  if (input.point !== 'request') return { probe: undefined, spoken: 0 };
  const { unmatched, narrowed, exceptions } = plan;
  const aside = narrowed === null ? NOBODY : setAside(narrowed, plan, input, says);
  const directives =
    unmatched.size + aside.size === 0
      ? input.directives
      : input.directives.filter(({ guardrail }) => !unmatched.has(guardrail) && !aside.has(guardrail));
  let probe: HeldDirective | undefined;
  let exempted: Set<string> | undefined;
  for (const held of directives) {
    const exception = exemptedBy(exceptions?.get(held.guardrail) ?? null, input.call);
    if (exception !== null) {
      (exempted ??= new Set()).add(held.guardrail);
      const { guardrail: name, revision, mode, action, id } = held;
      const say = exemptedSay({ name, revision, mode, action, point: 'windowed' }, exception, input);
      says.push({ ...say, verdict: { ...say.verdict, directive: id } });
      continue;
    }
    const directive = narrowed === null ? held : inModeHere(held, narrowed.get(held.guardrail), input);
    const outcome = judgeDirective(directive, input);
    if (outcome === 'probe') probe ??= directive;
    else if (outcome !== null) says.push(outcome);
  }
  // A held directive speaks for its guard-rail, whatever it says; without one, silence means "passed" only while an evaluator is connected.
  const names = directives.length === 0 ? NOBODY : new Set(directives.map((directive) => directive.guardrail));
  const silent =
    names.size + aside.size === 0
      ? plan.windowed
      : plan.windowed.filter(({ guardrail: { metadata } }) => !names.has(metadata.name) && !aside.has(metadata.name));
  let spoken = names.size - (exempted?.size ?? 0);
  if (input.freshness === 'live') spoken += silent.length;
  else for (const one of silent) says.push(withoutEvaluator(one, plan, input));
  return { probe, spoken };
}

/** Names of guard-rails that say nothing about this call, or only why they do not judge it. */
function setAside(
  narrowed: NonNullable<InlinePlan['narrowed']>,
  { exceptions }: InlinePlan,
  input: DecideInput,
  says: Say[],
): ReadonlySet<string> {
  const aside = new Set<string>();
  for (const [name, one] of narrowed) {
    const { scoping, guardrail } = one;
    if (scoping === null) continue;
    const holds = whereHolds(scoping, input.call);
    if (holds === false) aside.add(name);
    else if (input.call.startedAt >= scoping.expires) {
      aside.add(name);
      says.push(expiredSay(identityOf(one), input));
    } else if (holds === null && exemptedBy(exceptions?.get(name) ?? null, input.call) === null) {
      aside.add(name);
      const disposition = failureDisposition({
        failure: 'detector_error',
        actionClass: 'quality',
        ...guardrail.spec,
      });
      says.push(failureSay(identityOf(one), 'detector_error', disposition, '`where` could not be evaluated', input));
    }
  }
  return aside;
}

/** The directive in the mode that its guard-rail has for this call: a directive in `enforce` may be for a part of the environments or of a rollout only. */
function inModeHere(
  held: HeldDirective,
  narrowed: NarrowedGuardrail | undefined,
  { call }: DecideInput,
): HeldDirective {
  if (narrowed === undefined || held.mode !== 'enforce') return held;
  const { mode } = narrowed.guardrail.spec;
  if (mode !== 'enforce') return { ...held, mode };
  return narrowed.scoping?.outside?.(call) === true ? { ...held, mode: 'dryrun' } : held;
}

function withoutEvaluator(one: InlinePlan['windowed'][number], { exceptions }: InlinePlan, input: DecideInput): Say {
  const { spec, metadata } = one.guardrail;
  const exception = exemptedBy(exceptions?.get(metadata.name) ?? null, input.call);
  if (exception !== null) return exemptedSay(identityOf(one), exception, input);
  const disposition = failureDisposition({ failure: 'no_evaluator', actionClass: 'quality', ...spec });
  return failureSay(identityOf(one), 'no_evaluator', disposition, 'no evaluator is connected', input);
}

function identityOf({ guardrail: { metadata, spec }, revision }: InlinePlan['windowed'][number]): Identity {
  return { name: metadata.name, revision, mode: spec.mode, action: spec.action, point: 'windowed' };
}
