import type { FleetInstance, GuardrailView } from '../../api/answers';

/** How many guard-rails are in each mode; `inert` of those that enforce can act nowhere. */
export function modes(guardrails: readonly GuardrailView[]): { enforce: number; inert: number; total: number } {
  const enforcing = guardrails.filter(({ guardrail }) => guardrail.spec.mode === 'enforce');
  return {
    enforce: enforcing.length,
    inert: enforcing.filter(({ inert }) => inert !== null).length,
    total: guardrails.length,
  };
}

/** How many processes hold what the evaluator published last, and how many refused something. */
export function convergence(instances: readonly FleetInstance[]): { current: number; total: number; refusing: number } {
  return {
    current: instances.filter(({ current }) => current).length,
    total: instances.length,
    refusing: instances.filter(({ errors }) => errors.length > 0).length,
  };
}
