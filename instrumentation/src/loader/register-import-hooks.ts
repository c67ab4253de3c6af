import * as nodeModule from 'node:module';
import { CLIENT_MODULES } from './clients.js';

interface SyncHooks {
  supportsSyncHooks(): boolean;
  register(options: { include: string[] }): void;
}

/**
 * Makes `import` of the known clients visible to {@link watchModules}, and of nothing else: wrapping every module breaks applications. Uses
 * Node's synchronous hooks where they work, else a loader thread. Both come from our own copy of import-in-the-middle, which the watching side
 * uses too. Throws what Node throws.
 */
export function registerImportHooks(): void {
  const include = [...CLIENT_MODULES];
  if (typeof (nodeModule as { registerHooks?: unknown }).registerHooks === 'function') {
    const require = nodeModule.createRequire(import.meta.url);
    const hooks = require('import-in-the-middle/register-hooks.mjs') as SyncHooks;
    if (hooks.supportsSyncHooks()) {
      hooks.register({ include });
      return;
    }
  }
  nodeModule.register('import-in-the-middle/hook.mjs', import.meta.url, { data: { include } });
}
