import type { ClientErrors } from '../../actions/errors.js';
import { patchMethod } from '../../loader/patch-method.js';
import type { Patch, PatchHost } from '../../loader/patch.js';
import { siteOf } from '../shared/capabilities.js';
import { guardedMethod } from './guarded-method.js';
import type { Method } from './guarded-method.js';
import type { MethodEndpoint } from './method-endpoint.js';

/** A method of a class, by the prototype that owns it or inherits it. */
export interface MethodPlace {
  prototype: unknown;
  endpoint: MethodEndpoint;
}

/** The object in the chain of prototypes that has the method itself. */
function ownerOf(prototype: unknown, method: string): object | undefined {
  for (let at = prototype; typeof at === 'object' && at !== null; at = Object.getPrototypeOf(at) as unknown) {
    if (Object.hasOwn(at, method)) return at;
  }
  return undefined;
}

/** Patches the methods that are there; `errors` are those of the client. Returns null when none of them is. */
export function patchMethods(
  places: readonly MethodPlace[],
  version: string,
  host: PatchHost,
  errors?: ClientErrors,
): Patch | null {
  const undo: (() => void)[] = [];
  let client = '';
  for (const { prototype, endpoint } of places) {
    const owner = ownerOf(prototype, endpoint.method);
    if (owner === undefined || owner === Object.prototype) continue;
    client = endpoint.client;
    const restore = patchMethod(owner, endpoint.method, (original: Method) =>
      guardedMethod(endpoint, original, () => host.runtime(), errors),
    );
    if (restore) undo.push(restore);
  }
  if (client === '') return null;
  if (undo.length > 0) host.declare(siteOf(client, version));
  return { undo: () => undo.forEach((restore) => restore()) };
}
