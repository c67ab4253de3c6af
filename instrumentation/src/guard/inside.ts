import { AsyncLocalStorage } from 'node:async_hooks';
import { context, createContextKey } from '@opentelemetry/api';

const KEY = Symbol.for('guardspan.inside.v1');
/** The key of the OpenTelemetry SDK; keys are global symbols by description, so no SDK package is needed. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** `call`: inside a guarded model call. `own`: traffic of the guard itself. */
export type Mark = 'call' | 'own';

function store(): AsyncLocalStorage<Mark> {
  const holder = globalThis as { [KEY]?: AsyncLocalStorage<Mark> };
  return (holder[KEY] ??= new AsyncLocalStorage<Mark>());
}

/** What the present asynchronous context is inside of. */
export function currentMark(): Mark | undefined {
  return store().getStore();
}

/** Runs `fn` as part of a model call. */
export function insideCall<T>(fn: () => T): T {
  return store().run('call', fn);
}

/** Runs `fn` as the guard's own traffic: it makes no spans and counts as no model call. */
export function asOwnTraffic<T>(fn: () => T): T {
  return store().run('own', () => context.with(context.active().setValue(SUPPRESS_TRACING, true), fn));
}
