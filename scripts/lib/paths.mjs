import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository root; scripts work from any directory. */
export const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** Scratch folder of the tree: stamps, reports, locks. Ignored by git. */
export const SCRATCH = join(ROOT, '.cache');

/** The Node that runs the project's own processes, a development dependency (the machine's Node only starts these scripts). */
export const NODE = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/**
 * Folder outside the tree for what is slow to make and safe to share between clones.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function userCacheDir(env = process.env) {
  if (env.GUARDSPAN_CACHE_DIR) return env.GUARDSPAN_CACHE_DIR;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'guardspan');
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'guardspan', 'cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'guardspan');
  return join(homedir(), '.cache', 'guardspan');
}
