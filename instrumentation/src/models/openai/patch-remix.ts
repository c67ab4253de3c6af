import type { ClientErrors } from '../../actions/errors.js';
import type { PatchHost } from '../../loader/patch.js';
import { patchMethod } from '../../loader/patch-method.js';
import { guardedCreate } from '../stainless/guarded-create.js';
import { resourceAt } from '../shared/resource-at.js';
import { remixVideo } from './images.js';

type Parts = Parameters<typeof guardedCreate>;
type Remix = (this: never, id: unknown, ...rest: unknown[]) => unknown;

/** Guards `videos.remix(id, params)`, whose parameters come second. Returns how to undo it; null when the client has no such method or it is guarded already. */
export function patchRemix(client: unknown, APIPromise: unknown, host: PatchHost): (() => void) | null {
  const resource = resourceAt(client, ['Videos']);
  const prototype: unknown = typeof resource === 'function' ? resource.prototype : undefined;
  if (typeof prototype !== 'object' || prototype === null || typeof APIPromise !== 'function') return null;
  const { APIError } = client as { APIError?: Partial<ClientErrors> };
  const errors = typeof APIError?.generate === 'function' ? (APIError as ClientErrors) : undefined;
  return patchMethod(prototype, 'remix', (original: Remix): Remix => {
    return function remix(this: never, id: unknown, ...rest: unknown[]): unknown {
      const create = ((...args: unknown[]) => original.call(this, id, ...args)) as unknown as Parts[1];
      const guarded = guardedCreate(remixVideo, create, APIPromise as Parts[2], () => host.runtime(), errors);
      return (guarded as Remix).call(this, ...(rest as [unknown]));
    };
  });
}
