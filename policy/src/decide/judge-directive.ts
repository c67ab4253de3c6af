import { failureDisposition } from './failure-table.js';
import type { Say } from './say.js';
import { sayOf } from './say.js';
import type { DecideInput, Disposition, HeldDirective } from './types.js';

/** What a held directive says about a call: `probe` when the call goes through on purpose, null when it is not among those the action is for. */
export function judgeDirective(directive: HeldDirective, input: DecideInput): Say | 'probe' | null {
  const { action } = directive;
  const identity = {
    name: directive.guardrail,
    revision: directive.revision,
    mode: directive.mode,
    action,
    point: 'windowed',
  } as const;
  const detail = {
    message: directive.message,
    trace: directive.trace,
    input,
    directive: directive.id,
    verdict: directive.verdict,
  };
  let disposition: Disposition = directive.mode === 'enforce' ? 'enforced' : 'would_act';
  if (directive.stale) {
    const settled = failureDisposition({
      failure: 'stale',
      actionClass: 'quality',
      mode: directive.mode,
      onError: 'allow',
      onStale: directive.onStale,
    });
    if (settled !== 'enforced_stale')
      return {
        ...sayOf(identity, { ...detail, code: 'stale', disposition: settled, redactions: [] }),
        closes: settled === 'deny_stale',
      };
    disposition = settled;
  }
  if (
    directive.mode === 'enforce' &&
    (action.type === 'reroute' || action.type === 'throttle' || action.type === 'shutdown')
  ) {
    if (input.host.forbids(action, directive.guardrail) === null && input.host.takeProbe(directive)) return 'probe';
  }
  if (action.type === 'reroute' && action.percent < 100 && input.host.random() * 100 >= action.percent) return null;
  if (
    action.type === 'throttle' &&
    directive.mode === 'enforce' &&
    input.host.tryAcquire(directive.id, action.rate, action.burst)
  )
    return null;
  return sayOf(identity, { ...detail, code: directive.code, disposition, redactions: [] });
}
