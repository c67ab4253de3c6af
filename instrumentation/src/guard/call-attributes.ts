import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallValue } from '@guardspan/policy/runtime';
import { sharedState } from './shared-state.js';

/** What the application says about the model calls that it makes from here on. */
export interface CallAttributes {
  /** `tenant` of the call. */
  tenant?: string;
  /** `attrs.*` of the call: free request-time attributes that conditions may read. */
  attrs?: { [name: string]: CallValue };
  /** `group.*` of the call: values of protected attributes. Measured, never acted on; they travel on the guard feed only. */
  group?: { [name: string]: string };
  /** The application's own id of the call, to which late truths and groups are joined. */
  callId?: string;
  /** `featureView` of the call. */
  featureView?: { name: string; version: string };
}

/** Without a store until an application says something: others pay for no look at it. */
const shared = sharedState<{ store: AsyncLocalStorage<CallAttributes> | null }>('call-attributes.v1', () => ({
  store: null,
}));

function store(): AsyncLocalStorage<CallAttributes> {
  return (shared.store ??= new AsyncLocalStorage<CallAttributes>());
}

function merged(outer: CallAttributes | undefined, inner: CallAttributes): CallAttributes {
  const result: CallAttributes = { ...outer, ...inner };
  if (outer?.attrs && inner.attrs) result.attrs = { ...outer.attrs, ...inner.attrs };
  if (outer?.group && inner.group) result.group = { ...outer.group, ...inner.group };
  return result;
}

/** What {@link withCallAttributes} and {@link group} set for the present asynchronous context; undefined when nothing was set. */
export function currentCallAttributes(): CallAttributes | undefined {
  return shared.store?.getStore();
}

/**
 * Runs `fn`; model calls that it makes, also after an `await`, carry the attributes. Nested calls add to the outer ones and win
 * where names are equal. Returns what `fn` returns; throws only what `fn` throws.
 */
export function withCallAttributes<T>(attributes: CallAttributes, fn: () => T): T {
  const own = store();
  return own.run(merged(own.getStore(), attributes), fn);
}

/**
 * Says which value a protected attribute has for the model calls that follow in this asynchronous context, for example
 * `group('sex', 'F')` in a request handler. Call it inside {@link withCallAttributes} (or a request's own context) to bound its reach.
 * The value is used to compare groups; it never decides about a call and appears on no span of your own pipeline.
 */
export function group(name: string, value: string): void {
  const own = store();
  own.enterWith(merged(own.getStore(), { group: { [name]: value } }));
}
