import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { NODE, ROOT } from './paths.mjs';
import { progress } from './progress.mjs';
import { runNpm } from './run.mjs';

/**
 * Installs the dependencies of the workspace with `npm ci` when they are missing or differ from package-lock.json, and says so. Calls npm
 * only then, so that an installed tree works without a network.
 *
 * @throws {Error} When npm fails, or when it left out the pinned Node.
 */
export async function ensureInstalled() {
  if (isInstalled(ROOT) && existsSync(NODE)) return;
  // The lock is outside the tree's node_modules, which npm deletes first.
  const lock = join(tmpdir(), `guardspan-install-${createHash('sha256').update(ROOT).digest('hex').slice(0, 12)}.lock`);
  await withLock(
    lock,
    async () => {
      if (isInstalled(ROOT) && existsSync(NODE)) return;
      progress(existsSync(join(ROOT, 'node_modules')) ? 'dependencies changed: npm ci' : 'no node_modules: npm ci');
      const { code } = await runNpm(['ci', '--prefer-offline'], { output: 'stderr' });
      if (code !== 0) throw new Error(`npm ci failed with exit code ${code}; its output above says why`);
      if (!existsSync(NODE)) {
        throw new Error(
          'npm did not run the install script of the package "node". Allow install scripts (npm config set ignore-scripts false), delete node_modules, and run this again',
        );
      }
      progress('dependencies installed');
    },
    { waiting: (pid) => progress(`process ${pid} installs dependencies; waiting for it`) },
  );
}

/**
 * Whether a folder's node_modules holds what its package-lock.json asks for. Compares the lock file with the record that npm keeps of what
 * it installed; packages for other platforms are optional there and do not count.
 *
 * @param {string} folder
 * @returns {boolean}
 */
export function isInstalled(folder) {
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const present = readPackages(join(folder, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.optional) return true;
    const found = present[path];
    return found !== undefined && found.version === entry.version && found.link === entry.link;
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
