import type { Patch, PatchHost } from '../../loader/patch.js';
import { patchMethods } from '../promised/patch-methods.js';
import { ENDPOINTS } from './endpoints.js';
import { ollamaErrors } from './errors.js';

/** Patches the exports of an `ollama` module of any version by what it has. Returns null when there is nothing to guard in it. */
export function patchOllama(exports: unknown, version: string, host: PatchHost): Patch | null {
  const { Ollama } = exports as { Ollama?: { prototype?: unknown } };
  return patchMethods(
    ENDPOINTS.map((endpoint) => ({ prototype: Ollama?.prototype, endpoint })),
    version,
    host,
    ollamaErrors(Ollama),
  );
}
