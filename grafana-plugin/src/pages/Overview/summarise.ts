import type { Dispositions, FleetInstance, GuardrailView } from '../../api/answers';

/** Dispositions under which something was done to a call. */
const ACTED = ['enforced', 'enforced_stale', 'deny_failclosed', 'deny_stale'];
/** Dispositions under which a guard could not decide and let the call through. */
const OPEN = ['allow_failopen', 'allow_stale', 'not_evaluated'];

/** The last minutes of the history in numbers. */
export function recent({ items }: Dispositions, since: number): { calls: number; acted: number; open: number } {
  const sum = { calls: 0, acted: 0, open: 0 };
  for (const { start, calls, counts } of items) {
    if (start < since) {
      continue;
    }
    sum.calls += calls;
    ACTED.forEach((name) => (sum.acted += counts[name] ?? 0));
    OPEN.forEach((name) => (sum.open += counts[name] ?? 0));
  }
  return sum;
}

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
