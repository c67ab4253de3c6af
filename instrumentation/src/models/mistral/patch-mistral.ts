import type { Patch, PatchHost } from '../../loader/patch.js';
import { patchMethods } from '../promised/patch-methods.js';
import { ENDPOINTS } from './completions.js';
import { mistralErrors } from './errors.js';
import type { MistralModule } from './errors.js';

/**
 * Patches the exports of an `@mistralai/mistralai` module of any version by what it has. Its classes are found through a client of ours that never asks anybody, because
 * the module does not export them. Returns null when there is nothing to guard in it.
 */
export function patchMistral(exports: unknown, version: string, host: PatchHost): Patch | null {
  const module = exports as Partial<MistralModule>;
  const { Mistral } = module;
  if (typeof Mistral !== 'function') return null;
  const client = new Mistral({ apiKey: 'none' });
  const places = ENDPOINTS.map((endpoint) => {
    const resource = endpoint.objectIn(client);
    const prototype: unknown = typeof resource === 'object' ? Object.getPrototypeOf(resource) : undefined;
    return { prototype, endpoint };
  });
  return patchMethods(places, version, host, mistralErrors({ ...module, Mistral }));
}
