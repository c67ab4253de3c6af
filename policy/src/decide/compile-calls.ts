import type { ModelCall } from '../call/model-call.js';
import { effectiveMode } from '../document/effective-mode.js';
import type { Guardrail } from '../document/types.js';
import { compileScope } from '../match/compile-scope.js';
import { compileScoping, whereHolds } from './applicable.js';

/** Which calls a windowed guard-rail counts, and acts on: the same ones, because evaluator and process ask the same code. */
export interface CountedCalls {
  /** `match`, `exclude`, and whether it is on in the environment of the call; depends on the fields of `match` only. */
  matches(call: ModelCall): boolean;
  /** `where`; null when every call that matches counts. Never throws: a call that cannot be judged does not count. */
  readonly admits: ((call: ModelCall) => boolean) | null;
  /** Both of them, for one-off questions. */
  counts(call: ModelCall): boolean;
  /** Seconds from epoch from which on nothing is judged; Infinity: never. */
  readonly expires: number;
}

/** `match` and `exclude` of a windowed guard-rail, and whether an override turns it off where the call is made. */
export function compileWindowedMatch(spec: Guardrail['spec']): (call: ModelCall) => boolean {
  const inScope = compileScope(spec);
  if (spec.overrides === undefined) return inScope;
  return (call) => inScope(call) && effectiveMode(spec, call.environment) !== 'off';
}

/** Which calls a windowed guard-rail counts. @throws ConditionError when `where` cannot be compiled */
export function compileCounted(guardrail: Guardrail): CountedCalls {
  const scoping = compileScoping(guardrail);
  const matches = compileWindowedMatch(guardrail.spec);
  const admits: CountedCalls['admits'] =
    scoping === null || scoping.where === null ? null : (call) => whereHolds(scoping, call) === true;
  return {
    matches,
    admits,
    counts: (call) => matches(call) && (admits === null || admits(call)),
    expires: scoping?.expires ?? Infinity,
  };
}
