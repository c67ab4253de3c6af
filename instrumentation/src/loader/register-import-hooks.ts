import * as nodeModule from 'node:module';
import { clientOf } from './client-of.js';
import { CLIENT_MODULES } from './clients.js';

/** Set while Node starts its loader thread, which on Node 20 runs `--require` preloads of its own. */
const LOADER_THREAD = '_GUARDSPAN_LOADER_THREAD';

/** True in the loader thread: it runs no application, so there is nothing to guard. */
export function inLoaderThread(env: NodeJS.ProcessEnv): boolean {
  return env[LOADER_THREAD] === '1';
}

/** Synchronous hooks cannot load a CommonJS client into code that comes from the command line (Node 24). */
function runsEvaluatedCode(): boolean {
  return process.execArgv.some((argument) => /^(-e|-p|-pe|--eval|--print)\b/.test(argument));
}

interface SyncHooks {
  supportsSyncHooks(): boolean;
  register(options: { shouldInclude(url: string, specifier: string): boolean }): void;
}

/**
 * Makes `import` of the known clients visible to {@link watchModules}, and of nothing else: wrapping every module breaks applications. Uses
 * Node's synchronous hooks where they work, else a loader thread. Both come from our own copy of import-in-the-middle, which the watching side
 * uses too. Throws what Node throws.
 */
export function registerImportHooks(): void {
  if (typeof (nodeModule as { registerHooks?: unknown }).registerHooks === 'function' && !runsEvaluatedCode()) {
    const require = nodeModule.createRequire(import.meta.url);
    const hooks = require('import-in-the-middle/register-hooks.mjs') as SyncHooks;
    if (hooks.supportsSyncHooks()) {
      hooks.register({ shouldInclude: (_url, specifier) => clientOf(specifier) !== undefined });
      return;
    }
  }
  process.env[LOADER_THREAD] = '1';
  try {
    nodeModule.register('import-in-the-middle/hook.mjs', import.meta.url, { data: { include: [...CLIENT_MODULES] } });
  } finally {
    delete process.env[LOADER_THREAD];
  }
}
