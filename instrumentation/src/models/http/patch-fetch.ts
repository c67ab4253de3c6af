import { patchMethod } from '../../loader/patch-method.js';
import type { Patch, PatchHost } from '../../loader/patch.js';
import { siteOf } from '../shared/capabilities.js';
import type { HttpModels } from './declared-servers.js';
import { guardedFetch } from './guarded-fetch.js';

/** Patches `fetch` of a scope (`globalThis`) for calls of declared servers of models. Returns null when the scope has none, or nothing is declared. */
export function patchFetch(scope: object, declared: readonly HttpModels[], host: PatchHost): Patch | null {
  if (declared.length === 0) return null;
  const undo = patchMethod(scope, 'fetch', (original: typeof globalThis.fetch) =>
    guardedFetch(
      original,
      () => declared,
      () => host.runtime(),
      { Request, Response },
    ),
  );
  if (!undo) return null;
  host.declare(siteOf('http', ''));
  return { undo };
}
