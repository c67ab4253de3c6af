import type { Guardrail, Mode } from './types.js';

/** The guard-rail as one that acts nowhere: what it would enforce, in any environment, it only warns of. */
export function asWatched(guardrail: Guardrail): Guardrail {
  const { mode, overrides } = guardrail.spec;
  const watched = (one: Mode): Mode => (one === 'enforce' ? 'warn' : one);
  const elsewhere =
    overrides === undefined ? {} : { overrides: overrides.map((one) => ({ ...one, mode: watched(one.mode) })) };
  return { ...guardrail, spec: { ...guardrail.spec, mode: watched(mode), ...elsewhere } };
}
