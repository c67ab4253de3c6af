import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addHook, removeHook } from 'import-in-the-middle';
import type { HookFunction } from 'import-in-the-middle';
import { Hook as RequireHook } from 'require-in-the-middle';
import { clientOf } from './client-of.js';
import { CLIENT_MODULES, patchClient } from './clients.js';
import type { Patch, PatchHost } from './patch.js';

function versionIn(directory: unknown): string {
  if (typeof directory !== 'string') return '';
  try {
    const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { version?: unknown };
    return typeof manifest.version === 'string' ? manifest.version : '';
  } catch {
    return '';
  }
}

/** Folder of the package that a module of it is loaded from; undefined when it lies in none. */
function directoryOf(client: string, url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined;
  const path = fileURLToPath(url).replaceAll('\\', '/');
  const folder = `/node_modules/${client}/`;
  const at = path.lastIndexOf(folder);
  return at === -1 ? undefined : path.slice(0, at + folder.length);
}

/**
 * Patches each known client when the application loads it by `import` (as far as the loader hooks are in place) or `require`, and those that were loaded by
 * `import` before. Returns how to stop and undo.
 */
export function watchModules(host: PatchHost): () => void {
  const patches: Patch[] = [];
  const onLoad = <T>(exports: T, name: string, directory: string | void): T => {
    const patch = patchClient(name, exports, versionIn(directory), host);
    if (patch) patches.push(patch);
    return exports;
  };
  const required = new RequireHook([...CLIENT_MODULES], onLoad);
  // By specifier, and not by what the path says: a bundler loads clients under names of its own.
  const imported: HookFunction = (url, exports, specifier) => {
    const client = clientOf(specifier);
    const directory = client === undefined ? undefined : directoryOf(client, url);
    if (client !== undefined && directory !== undefined) onLoad(exports, client, directory);
  };
  addHook(imported);
  return () => {
    required.unhook();
    removeHook(imported);
    for (const patch of patches.splice(0)) patch.undo();
  };
}
