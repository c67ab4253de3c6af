import type { Guardrail } from './types.js';

/** The guard-rail as one that acts for every call, in every environment and also after its expiry: what tests are about. */
export function asEnforced(guardrail: Guardrail): Guardrail {
  const { overrides: _overrides, rollout: _rollout, expires: _expires, ...spec } = guardrail.spec;
  return { ...guardrail, spec: { ...spec, mode: 'enforce' } };
}
