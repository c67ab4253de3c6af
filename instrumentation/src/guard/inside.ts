import { AsyncLocalStorage } from 'node:async_hooks';
import { context, createContextKey } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { overlaid, withSpan } from './overlay-context.js';
import type { EndingContext } from './overlay-context.js';
import { sharedState } from './shared-state.js';

/** The key of the OpenTelemetry SDK; keys are global symbols by description, so no SDK package is needed. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** `call`: inside a guarded model call. `own`: traffic of the guard itself. */
export type Mark = 'call' | 'own';

const CALL: Mark = 'call';
const OWN: Mark = 'own';
const MARK = createContextKey('guardspan.inside.v1');

/** With a store for an application without a context manager; others pay for no look at it. */
const shared = sharedState<{ store: AsyncLocalStorage<Context> | null }>('inside.v2', () => ({ store: null }));

function store(): AsyncLocalStorage<Context> {
  return (shared.store ??= new AsyncLocalStorage<Context>());
}

/** Runs `fn` in a context that bears a mark; without a context manager it has a store of its own. */
function enter<T>(fn: () => T, within: Context): T {
  return context.active() === within ? fn() : store().run(within, fn);
}

/** What the present asynchronous context is inside of. */
export function currentMark(): Mark | undefined {
  const { store } = shared;
  return (context.active().getValue(MARK) ?? store?.getStore()?.getValue(MARK)) as Mark | undefined;
}

/**
 * A context in which everything is part of a model call until that is over, with the span of the call as the active one. What the call began and left running (a queue, a timer, a pool) makes calls of
 * its own then. The mark travels with the context, since a second store costs each call another frame.
 */
export function callContext(outer: Context, span: Span): EndingContext {
  return withSpan(outer, span, MARK, CALL);
}

/** {@link callContext} of a call without a span. */
export function unseenCallContext(outer: Context): EndingContext {
  return overlaid(outer, MARK, CALL);
}

/** Runs `fn` in a context that {@link callContext} made. */
export function insideCallContext<T>(fn: () => T, within: Context): T {
  return context.with(within, enter<T>, undefined, fn, within);
}

/** Runs `fn` as part of a model call, in the present context of OpenTelemetry. */
export function insideCall<T>(fn: () => T): T {
  return insideCallContext(fn, unseenCallContext(context.active()));
}

/** Runs `fn` as the guard's own traffic: it makes no spans and counts as no model call. */
export function asOwnTraffic<T>(fn: () => T): T {
  const within = overlaid(context.active().setValue(SUPPRESS_TRACING, true), MARK, OWN);
  return context.with(within, enter<T>, undefined, fn, within);
}
