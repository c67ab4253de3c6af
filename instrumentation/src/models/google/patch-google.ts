import type { Patch, PatchHost } from '../../loader/patch.js';
import { patchMethods } from '../promised/patch-methods.js';
import { googleErrors } from './errors.js';
import { embedContent, generateContent, generateContentStream } from './generate-content.js';

/**
 * Patches the exports of an `@google/genai` module of any version by what it has. Its public methods are made anew for each client and share these. Returns null when there
 * is nothing to guard in it.
 */
export function patchGoogle(exports: unknown, version: string, host: PatchHost): Patch | null {
  const { Models } = exports as { Models?: { prototype?: unknown } };
  const places = [generateContent, generateContentStream, embedContent].map((endpoint) => ({
    prototype: Models?.prototype,
    endpoint,
  }));
  return patchMethods(places, version, host, googleErrors(exports));
}
