import { patchMethod } from '../../loader/patch-method.js';
import type { Patch, PatchHost } from '../../loader/patch.js';
import type { ApiPromiseClass } from './api-promise.js';
import { openaiSite } from './capabilities.js';
import { chatCompletions } from './chat-completions.js';
import { completions } from './completions.js';
import { embeddings } from './embeddings.js';
import { resourceAt } from './endpoint.js';
import type { Endpoint } from './endpoint.js';
import { guardedCreate } from './guarded-create.js';
import { responses } from './responses.js';

const ENDPOINTS: readonly Endpoint[] = [chatCompletions, responses, completions, embeddings];

/** `chat.completions` of a client is `Chat.Completions` of its class. */
function classPath(endpoint: Endpoint): string[] {
  return endpoint.path.map((key) => key.charAt(0).toUpperCase() + key.slice(1));
}

/**
 * Patches the exports of an `openai` module of any version by what it has: each endpoint whose resource class has `create`. Returns null when
 * nothing could be patched and nothing was patched before.
 */
export function patchOpenAI(exports: unknown, version: string, host: PatchHost): Patch | null {
  const module = exports as { OpenAI?: unknown; default?: unknown; APIPromise?: unknown };
  const OpenAI = module.OpenAI ?? module.default;
  const { APIPromise } = module;
  if (typeof OpenAI !== 'function' || typeof APIPromise !== 'function') return null;
  const undo: (() => void)[] = [];
  let found = 0;
  for (const endpoint of ENDPOINTS) {
    const resource = resourceAt(OpenAI, classPath(endpoint));
    const prototype: unknown = typeof resource === 'function' ? resource.prototype : undefined;
    if (typeof prototype !== 'object' || prototype === null || !('create' in prototype)) continue;
    found += 1;
    const restore = patchMethod(prototype, 'create', (original: Parameters<typeof guardedCreate>[1]) =>
      guardedCreate(endpoint, original, APIPromise as ApiPromiseClass, () => host.runtime()),
    );
    if (restore) undo.push(restore);
  }
  if (found === 0) return null;
  if (undo.length > 0) host.declare(openaiSite(version));
  return { undo: () => undo.forEach((restore) => restore()) };
}
