import { AsyncLocalStorage } from 'node:async_hooks';
import { context, createContextKey } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { overlaid, withSpan } from './overlay-context.js';
import { sharedState } from './shared-state.js';

/** The key of the OpenTelemetry SDK; keys are global symbols by description, so no SDK package is needed. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** `call`: inside a guarded model call. `own`: traffic of the guard itself. */
export type Mark = 'call' | 'own';

const CALL: Mark = 'call';
const OWN: Mark = 'own';
const MARK = createContextKey('guardspan.inside.v1');

/** With a store for an application without a context manager; others pay for no look at it. */
const shared = sharedState<{ store: AsyncLocalStorage<Mark> | null }>('inside.v1', () => ({ store: null }));

function store(): AsyncLocalStorage<Mark> {
  return (shared.store ??= new AsyncLocalStorage<Mark>());
}

/** Runs `fn` in a context that bears the mark; without a context manager the mark has a store of its own. */
function enter<T>(fn: () => T, within: Context, mark: Mark): T {
  return context.active() === within ? fn() : store().run(mark, fn);
}

/** What the present asynchronous context is inside of. */
export function currentMark(): Mark | undefined {
  return (context.active().getValue(MARK) as Mark | undefined) ?? shared.store?.getStore();
}

/** A context in which everything is part of a model call, with the span of the call as the active one. The mark travels with the context, since a second store costs each call another frame. */
export function callContext(outer: Context, span: Span): Context {
  return withSpan(outer, span, MARK, CALL);
}

/** Runs `fn` in a context that {@link callContext} made. */
export function insideCallContext<T>(fn: () => T, within: Context): T {
  return context.with(within, enter<T>, undefined, fn, within, CALL);
}

/** Runs `fn` as part of a model call, in the present context of OpenTelemetry. */
export function insideCall<T>(fn: () => T): T {
  return insideCallContext(fn, overlaid(context.active(), MARK, CALL));
}

/** Runs `fn` as the guard's own traffic: it makes no spans and counts as no model call. */
export function asOwnTraffic<T>(fn: () => T): T {
  const within = overlaid(context.active().setValue(SUPPRESS_TRACING, true), MARK, OWN);
  return context.with(within, enter<T>, undefined, fn, within, OWN);
}
