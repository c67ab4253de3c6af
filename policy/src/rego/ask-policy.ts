import type { ModelCall } from '../call/model-call.js';
import { ExternalGap } from '../decide/compile-inline.js';
import type { CompiledInline, DetectorResults } from '../decide/compile-inline.js';
import type { DecideInput, TraceStep } from '../decide/types.js';
import { readOutcome } from './read-outcome.js';
import { regoInput } from './rego-input.js';
import type { RegoAnswer, RegoInput, RegoOutcome } from './types.js';

/** UTF-16 code units of a verdict's message. */
const MAX_MESSAGE = 500;

/** The input document of a guard-rail's policy. @throws ExternalGap when a detector outside of the process has not answered */
export function policyInput(guardrail: CompiledInline, call: ModelCall, results: DetectorResults): RegoInput {
  const detectors: RegoInput['detectors'] = {};
  for (const [name, use] of Object.entries(guardrail.guardrail.spec.uses))
    detectors[name] = results.summary(use, guardrail.limitOf(name));
  return regoInput(guardrail.point, call, detectors);
}

/** Key under which the answer of a server for this guard-rail is kept among {@link DecideInput.outcomes}. */
export function policyKey(guardrail: CompiledInline): string {
  return `rego:${guardrail.name}`;
}

/**
 * What the policy of a guard-rail says; null when it has none. An engine in the process answers at once; an answer of a server is among the outcomes.
 * @throws ExternalGap when there is no answer (yet); GuardspanError when what was answered is not the contract
 */
export function askPolicy(guardrail: CompiledInline, input: DecideInput, results: DetectorResults): RegoOutcome | null {
  const { rego } = guardrail.guardrail.spec;
  if (rego === undefined) return null;
  const here = input.host.rego?.(rego, () => policyInput(guardrail, input.call, results));
  if (here !== undefined) return readOutcome(valueOf(here));
  if (rego.external === undefined) {
    const message = `no engine ${rego.engine} is in this process`;
    throw new ExternalGap({ ok: false, failure: 'detector_error', message });
  }
  const outcome = results.outcomes.get(policyKey(guardrail));
  if (outcome === undefined || !outcome.ok) throw new ExternalGap(outcome);
  return readOutcome(outcome.value);
}

/** Steps of a verdict's trace that tell what the policy said, without its words. */
export function policyTrace({ guardrail }: CompiledInline, { denied, warned }: RegoOutcome): TraceStep[] {
  const path = guardrail.spec.rego!.path.replaceAll('/', '.');
  return [
    { expression: `count(data.${path}.deny)`, value: denied, evaluated: true },
    { expression: `count(data.${path}.warn)`, value: warned, evaluated: true },
  ];
}

/** The reasons of a policy as one line. */
export function reasonsText({ reasons }: RegoOutcome): string {
  return reasons.join('; ').slice(0, MAX_MESSAGE);
}

function valueOf(answer: RegoAnswer): unknown {
  if ('failure' in answer) throw new ExternalGap({ ok: false, ...answer });
  return answer.value;
}
