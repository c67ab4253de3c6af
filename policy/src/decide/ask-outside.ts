import type { CheckPosition, ExternalCheck } from '../external/types.js';
import { policyInput, policyKey } from '../rego/ask-policy.js';
import type { CompiledInline, DetectorResults } from './compile-inline.js';
import { useKey } from './use-key.js';
import type { DecideInput } from './types.js';

/** Sorts guard-rails that wait by when their answers are needed: one use that must be known before the call is sent makes the whole guard-rail wait before it. */
export function byPosition(waiting: readonly CompiledInline[]): Record<CheckPosition, CompiledInline[]> {
  const queues: Record<CheckPosition, CompiledInline[]> = { before: [], beside: [] };
  for (const guardrail of waiting) {
    const asked = [...guardrail.external, guardrail.guardrail.spec.rego];
    const before = asked.some((use) => use?.external?.position === 'before');
    queues[before ? 'before' : 'beside'].push(guardrail);
  }
  return queues;
}

/** What these guard-rails ask outside of the process, each question once. */
export function checksOf(
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
