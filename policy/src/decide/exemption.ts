import type { ModelCall } from '../call/model-call.js';
import { compileCondition } from '../condition/compile-condition.js';
import { callVariablesAt } from '../condition/variables.js';
import type { BoundException } from '../document/exception/exception-types.js';
import type { Guardrail } from '../document/types.js';
import { compileMatch } from '../match/compile-match.js';

/** An exception that is ready to be asked for each call. */
export interface CompiledException {
  readonly name: string;
  /** True when the call is exempt. A condition that cannot be evaluated exempts nothing. Never throws. */
  exempts(call: ModelCall): boolean;
}

/** The exceptions of a guard-rail; null for nearly every guard-rail. @throws ConditionError */
export function compileExceptions({ spec }: Guardrail): readonly CompiledException[] | null {
  if (spec.exceptions === undefined || spec.exceptions.length === 0) return null;
  return spec.exceptions.map(compileException);
}

function compileException({ name, expires, match, where }: BoundException): CompiledException {
  const matches = compileMatch(match);
  const condition = where === undefined ? null : compileCondition(where, callVariablesAt('request'), 'bool');
  return {
    name,
    exempts: (call) => {
      // A call without a start is exempt from nothing, because nobody knows whether the exception still held.
      if (!(call.startedAt < expires) || !matches(call)) return false;
      try {
        return condition === null || condition.evaluate(call);
      } catch {
        return false;
      }
    },
  };
}

/** Name of the first exception that exempts the call, in order of name; null when none does. */
export function exemptedBy(exceptions: readonly CompiledException[] | null, call: ModelCall): string | null {
  return exceptions?.find((exception) => exception.exempts(call))?.name ?? null;
}
