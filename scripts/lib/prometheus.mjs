import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { withLock } from './lock.mjs';
import { userCacheDir } from './paths.mjs';
import { progress } from './progress.mjs';
import { run } from './run.mjs';

const PACKAGE = 'prometheus';
const PROGRAMS = ['prometheus', 'promtool'];

/** Where Debian's package is unpacked. */
const unpacked = () => join(userCacheDir(), 'prometheus', `${process.platform}-${process.arch}`);

/**
 * The Prometheus to use, without fetching one: `GUARDSPAN_PROMETHEUS_DIR`, a folder of `PATH`, or what an earlier run unpacked.
 *
 * @returns {string | undefined} Folder of the programs.
 */
export function findPrometheus() {
  const candidates = [process.env.GUARDSPAN_PROMETHEUS_DIR, ...(process.env.PATH ?? '').split(delimiter)];
  return [...candidates, join(unpacked(), 'usr', 'bin')].find(
    (path) => path && PROGRAMS.every((name) => existsSync(join(path, name))),
  );
}

/**
 * A folder with Prometheus and promtool: what {@link findPrometheus} finds, or Debian's package unpacked into the user's cache folder
 * (nothing is installed, no service starts).
 *
 * @returns {Promise<string | { missing: string }>} The folder, or why there is none.
 */
export async function ensurePrometheus() {
  const found = findPrometheus();
  if (found !== undefined) return found;
  const folder = unpacked();
  const apt = await run('apt-get', ['--version'], { output: 'capture' });
  if (apt.code !== 0)
    return {
      missing: `${PROGRAMS.join(', ')} are in no folder of PATH; set GUARDSPAN_PROMETHEUS_DIR to one that has them`,
    };
  mkdirSync(folder, { recursive: true });
  return withLock(join(folder, 'lock'), async () => findPrometheus() ?? unpack(folder), {
    waiting: (pid) => progress(`process ${pid} fetches Prometheus; waiting for it`),
  });
}

async function unpack(folder) {
  const work = mkdtempSync(join(folder, 'fetch-'));
  try {
    progress(`fetching ${PACKAGE} from Debian`);
    let { code, output } = await run('apt-get', ['download', PACKAGE], { cwd: work, output: 'capture' });
    if (code !== 0) {
      // Images come without package lists; only root can fetch them.
      await run('apt-get', ['update'], { output: 'capture' });
      ({ code, output } = await run('apt-get', ['download', PACKAGE], { cwd: work, output: 'capture' }));
    }
    if (code !== 0) return { missing: `apt-get download failed: ${output.trim().split('\n').at(-1)}` };
    for (const file of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
      const { code: failed } = await run('dpkg', ['-x', join(work, file), join(work, 'root')], { output: 'capture' });
      if (failed !== 0) return { missing: `${file} could not be unpacked` };
    }
    rmSync(join(folder, 'usr'), { recursive: true, force: true });
    renameSync(join(work, 'root', 'usr'), join(folder, 'usr'));
    return join(folder, 'usr', 'bin');
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
