import { AsyncLocalStorage } from 'node:async_hooks';
import { context, createContextKey } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { overlaid } from './overlay-context.js';

const KEY = Symbol.for('guardspan.inside.v1');
/** The key of the OpenTelemetry SDK; keys are global symbols by description, so no SDK package is needed. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** `call`: inside a guarded model call. `own`: traffic of the guard itself. */
export type Mark = 'call' | 'own';

const MARK = createContextKey('guardspan.inside.v1');

/** For an application without a context manager. One store for the ESM copy, the CJS copy and the preload. */
function store(): AsyncLocalStorage<Mark> {
  const holder = globalThis as { [KEY]?: AsyncLocalStorage<Mark> };
  return (holder[KEY] ??= new AsyncLocalStorage<Mark>());
}

/** Runs `fn` in a context under a mark. The mark travels with the context, since a second store costs each call another frame; only without a manager it has one. */
function marked<T>(mark: Mark, inner: Context, fn: () => T): T {
  const within = overlaid(inner, MARK, mark);
  return context.with(within, () => (context.active() === within ? fn() : store().run(mark, fn)));
}

/** What the present asynchronous context is inside of. */
export function currentMark(): Mark | undefined {
  return (context.active().getValue(MARK) as Mark | undefined) ?? store().getStore();
}

/** Runs `fn` as part of a model call, in a context of OpenTelemetry. */
export function insideCall<T>(fn: () => T, inner = context.active()): T {
  return marked('call', inner, fn);
}

/** Runs `fn` as the guard's own traffic: it makes no spans and counts as no model call. */
export function asOwnTraffic<T>(fn: () => T): T {
  return marked('own', context.active().setValue(SUPPRESS_TRACING, true), fn);
}
