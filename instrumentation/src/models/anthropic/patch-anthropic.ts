import type { Patch, PatchHost } from '../../loader/patch.js';
import { patchEndpoints } from '../stainless/patch-endpoints.js';
import { betaMessages, messages } from './messages.js';

/** Patches the exports of an `@anthropic-ai/sdk` module of any version by what it has. Returns null when there is nothing to guard in it. */
export function patchAnthropic(exports: unknown, version: string, host: PatchHost): Patch | null {
  const module = exports as { Anthropic?: unknown; default?: unknown; APIPromise?: unknown };
  return patchEndpoints(module.Anthropic ?? module.default, module.APIPromise, [messages, betaMessages], version, host);
}
