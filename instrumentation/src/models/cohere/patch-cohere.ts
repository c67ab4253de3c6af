import type { Patch, PatchHost } from '../../loader/patch.js';
import { patchMethods } from '../promised/patch-methods.js';
import type { MethodPlace } from '../promised/patch-methods.js';
import { APIS } from './endpoints.js';
import { cohereErrors } from './errors.js';

/**
 * Patches the exports of a `cohere-ai` module of any version by what it has. Public methods give promises of the client's own that are made of private ones, which are patched;
 * older versions have public ones only. Returns null when there is nothing to guard in it.
 */
export function patchCohere(exports: unknown, version: string, host: PatchHost): Patch | null {
  const { default: whole, ...named } = exports as Module & { default?: Module };
  const module = named.CohereClient ? named : (whole ?? {});
  const { CohereClient } = module;
  if (typeof CohereClient !== 'function') return null;
  // The class of the second API is not exported; this client never asks anybody.
  const second = (new CohereClient({ token: 'none' }) as { v2?: object }).v2;
  const places = [...placesIn(CohereClient.prototype, 'first'), ...placesIn(second, 'second')];
  return patchMethods(places, version, host, cohereErrors(module));
}

type Constructor = new (options: object) => object;

interface Module {
  CohereClient?: Constructor;
  Cohere?: object;
  CohereError?: unknown;
}

function placesIn(object: unknown, api: keyof typeof APIS): MethodPlace[] {
  if (typeof object !== 'object' || object === null) return [];
  const prefix = '__chat' in object ? '__' : '';
  const prototype = api === 'first' ? object : (Object.getPrototypeOf(object) as unknown);
  return APIS[api](prefix).map((endpoint) => ({ prototype, endpoint }));
}
