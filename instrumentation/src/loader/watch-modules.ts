import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hook as ImportHook } from 'import-in-the-middle';
import { Hook as RequireHook } from 'require-in-the-middle';
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
  const imported = new ImportHook([...CLIENT_MODULES], (exports, name, directory) => {
    onLoad(exports, name, directory);
  });
  return () => {
    required.unhook();
    imported.unhook();
    for (const patch of patches.splice(0)) patch.undo();
  };
}
