import type { Guardrail, Mode } from '../document/types.js';

/** The same guard-rail in another mode. */
export function withMode(guardrail: Guardrail, mode: Mode): Guardrail {
  return { ...guardrail, spec: { ...guardrail.spec, mode } };
}
