import type { ClientErrors } from '../../actions/errors.js';
import { patchMethod, watchGetter } from '../../loader/patch-method.js';
import type { Patch, PatchHost } from '../../loader/patch.js';
import { guardedMethod } from '../promised/guarded-method.js';
import type { Method } from '../promised/guarded-method.js';
import { patchMethods } from '../promised/patch-methods.js';
import { googleErrors } from './errors.js';
import { embedContent, generateContent, generateContentStream } from './generate-content.js';
import { interactions } from './interactions.js';
import { editImage, generateImages, generateVideos } from './media.js';

/**
 * The class of `interactions` is not exported, so it is patched when a client first gives one. Older versions give objects of another kind, whose promises have methods of their own; these
 * are left alone. Returns how to undo it.
 */
function patchInteractions(client: unknown, host: PatchHost, errors: ClientErrors | undefined): (() => void)[] {
  const prototype: unknown = typeof client === 'function' ? client.prototype : undefined;
  if (typeof prototype !== 'object' || prototype === null) return [];
  const undo: (() => void)[] = [];
  const unwatch = watchGetter(prototype, 'interactions', (value) => {
    if (typeof value !== 'object' || value === null || !('parentClient' in value)) return;
    const restore = patchMethod(Object.getPrototypeOf(value) as object, interactions.method, (original: Method) =>
      guardedMethod(interactions, original, () => host.runtime(), errors),
    );
    if (restore) undo.push(restore);
  });
  return unwatch ? [unwatch, () => undo.forEach((restore) => restore())] : [];
}

/**
 * Patches the exports of an `@google/genai` module of any version by what it has. Its public methods are made anew for each client and share these. Returns null when there
 * is nothing to guard in it.
 */
export function patchGoogle(exports: unknown, version: string, host: PatchHost): Patch | null {
  const { Models, GoogleGenAI } = exports as { Models?: { prototype?: unknown }; GoogleGenAI?: unknown };
  const errors = googleErrors(exports);
  const media = [generateImages, editImage, generateVideos];
  const places = [generateContent, generateContentStream, embedContent, ...media].map((endpoint) => ({
    prototype: Models?.prototype,
    endpoint,
  }));
  const patch = patchMethods(places, version, host, errors);
  if (patch === null) return null;
  const undo = patchInteractions(GoogleGenAI, host, errors);
  return { undo: () => [patch.undo, ...undo].forEach((restore) => restore()) };
}
