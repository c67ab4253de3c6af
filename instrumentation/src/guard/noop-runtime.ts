import { context, INVALID_SPAN_CONTEXT, trace } from '@opentelemetry/api';
import type { DetectorRegistry } from '../external/detector-registry.js';
import { notEvaluated } from './decisions.js';
import { currentMark, insideCallContext, unseenCallContext } from './inside.js';
import type { RewriterRegistry } from '../rewrite/rewriter-registry.js';
import type { SiteRegistry } from './site-registry.js';
import type { GuardedCall, GuardRuntime } from './types.js';

/** A call that nobody guards: it runs, and nothing is recorded. */
export function noopCall(): GuardedCall {
  const active = context.active();
  const within = unseenCallContext(active);
  const end = (): void => void (within.over = true);
  return {
    unread: null,
    decision: notEvaluated(),
    span: trace.wrapSpanContext(INVALID_SPAN_CONTEXT),
    context: active,
    run: (fn) => insideCallContext(fn, within),
    rerouted: () => undefined,
    streaming: () => null,
    answered: notEvaluated,
    failed: end,
    end,
  };
}

/** The runtime before the guard is started and after it was stopped. Remembers what is declared to it. */
export function noopRuntime(
  sites: SiteRegistry,
  detectors: DetectorRegistry,
  rewriters: RewriterRegistry,
): GuardRuntime {
  return {
    declareSite: (site) => sites.declareSite(site),
    inside: () => currentMark() !== undefined,
    begin: noopCall,
    unguarded: () => undefined,
    target: (name) => sites.target(name),
    declareTarget: (target) => sites.declareTarget(target),
    declareDetector: (detector) => detectors.declare(detector),
    declareRewriter: (rewriter) => rewriters.declare(rewriter),
    capture: () => ({ features: 'none', outputs: 'none' }),
  };
}
