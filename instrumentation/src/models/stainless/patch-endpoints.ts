import type { ClientErrors } from '../../actions/errors.js';
import { patchMethod } from '../../loader/patch-method.js';
import type { Patch, PatchHost } from '../../loader/patch.js';
import { patchApiPromise } from './api-promise.js';
import type { ApiPromiseClass } from './api-promise.js';
import { siteOf } from '../shared/capabilities.js';
import { resourceAt } from '../shared/resource-at.js';
import type { Endpoint } from './endpoint.js';
import { guardedCreate } from './guarded-create.js';

/** `chat.completions` of a client is `Chat.Completions` of its class. */
function classPath(endpoint: Endpoint): string[] {
  return endpoint.path.map((key) => key.charAt(0).toUpperCase() + key.slice(1));
}

function errorsOf(client: object): ClientErrors | undefined {
  const { APIError } = client as { APIError?: Partial<ClientErrors> };
  return typeof APIError?.generate === 'function' ? (APIError as ClientErrors) : undefined;
}

/**
 * Patches a client class by what it has: each endpoint whose resource class has its method. Returns null when nothing could be patched and nothing was
 * patched before.
 */
export function patchEndpoints(
  client: unknown,
  APIPromise: unknown,
  endpoints: readonly Endpoint[],
  version: string,
  host: PatchHost,
): Patch | null {
  if (typeof client !== 'function' || typeof APIPromise !== 'function') return null;
  const undo: (() => void)[] = [];
  const errors = errorsOf(client);
  let name = '';
  for (const endpoint of endpoints) {
    const { method = 'create' } = endpoint;
    const resource = resourceAt(client, classPath(endpoint));
    const prototype: unknown = typeof resource === 'function' ? resource.prototype : undefined;
    if (typeof prototype !== 'object' || prototype === null || !(method in prototype)) continue;
    name = endpoint.family.client;
    const restore = patchMethod(prototype, method, (original: Parameters<typeof guardedCreate>[1]) =>
      guardedCreate(endpoint, original, APIPromise as ApiPromiseClass, () => host.runtime(), errors),
    );
    if (restore) undo.push(restore);
  }
  if (name === '') return null;
  if (undo.length > 0) {
    undo.push(...patchApiPromise(APIPromise as ApiPromiseClass));
    host.declare(siteOf(name, version));
  }
  return { undo: () => undo.forEach((restore) => restore()) };
}
