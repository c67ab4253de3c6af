import { patchMethod } from '../../loader/patch-method.js';
import type { Patch, PatchHost } from '../../loader/patch.js';
import { declaredServers } from './declared-servers.js';
import { guardedDispatch } from './guarded-dispatch.js';
import type { Dispatch } from './guarded-dispatch.js';
import { guardedFetch } from './guarded-fetch.js';
import type { FetchClasses } from './guarded-fetch.js';

type Fetch = typeof globalThis.fetch;

interface Undici extends Partial<FetchClasses> {
  Client?: { prototype?: unknown };
  getGlobalDispatcher?: () => unknown;
  default?: unknown;
}

/** The object in the chain of prototypes of a dispatcher that has `dispatch` itself. */
function dispatcherOf(dispatcher: unknown): object | undefined {
  let at = dispatcher;
  while (typeof at === 'object' && at !== null && !Object.hasOwn(at, 'dispatch')) at = Object.getPrototypeOf(at);
  return at ?? undefined;
}

/** Null for a bare module namespace, which nobody but the loader hooks can change. */
function patchFetchOf(scope: object, wrap: (original: Fetch) => Fetch): (() => void) | null {
  try {
    return patchMethod(scope, 'fetch', wrap);
  } catch {
    return null;
  }
}

/**
 * Patches undici, as applications load it, for calls of declared servers of models: `dispatch`, through which all of its own API goes, and its `fetch`. Returns null when it has no dispatchers
 * that can be patched.
 */
export function patchUndici(exports: unknown, _version: string, host: PatchHost): Patch | null {
  const module = exports as Undici;
  const own = dispatcherOf(module.Client?.prototype);
  if (own === undefined) return null;
  // What the module uses by default may be of the copy that Node has for its own `fetch`.
  const dispatchers = new Set([own, dispatcherOf(module.getGlobalDispatcher?.())]);
  dispatchers.delete(undefined);
  const runtimeOf = (): ReturnType<PatchHost['runtime']> => host.runtime();
  const undos = [...dispatchers].map((dispatcher) =>
    patchMethod(dispatcher!, 'dispatch', (original: Dispatch) => guardedDispatch(original, declaredServers, runtimeOf)),
  );
  const { Request, Response } = module;
  for (const scope of new Set([module, module.default])) {
    if (typeof scope !== 'object' || scope === null || !Request || !Response) continue;
    undos.push(
      patchFetchOf(scope, (original) => guardedFetch(original, declaredServers, runtimeOf, { Request, Response })),
    );
  }
  return { undo: () => undos.forEach((undo) => undo?.()) };
}
