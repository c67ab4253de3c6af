import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { userCacheDir } from './paths.mjs';
import { progress } from './progress.mjs';
import { run } from './run.mjs';

/**
 * @typedef {object} GoPrograms Programs of one Go module.
 * @property {string} title For people.
 * @property {string} folder Name of the folder below the user's cache.
 * @property {string} version Of the module.
 * @property {string[]} packages Import paths of the main packages; each program is named after the last part of its path.
 * @property {string} duration How long building takes the first time, for people.
 */

/** @param {string} program @returns {string} Its file name on this system. */
export const executable = (program) => (process.platform === 'win32' ? `${program}.exe` : program);

/**
 * The folder with the programs, if an earlier build left them in the user's cache folder.
 *
 * @param {GoPrograms} programs
 * @returns {string | undefined}
 */
export function findGoPrograms(programs) {
  const folder = cacheFolder(programs);
  const complete = programs.packages.every((path) => existsSync(join(folder, executable(path.split('/').at(-1)))));
  return complete ? folder : undefined;
}

/**
 * Builds programs from their Go module at the first use and keeps them in the user's cache folder under the version. Built without cgo.
 *
 * @param {GoPrograms} programs
 * @param {string} otherwise What a user without Go can do, after "or".
 * @returns {Promise<string | { missing: string }>} The folder with the programs, or why there is none.
 */
export async function ensureGoPrograms(programs, otherwise) {
  const found = findGoPrograms(programs);
  if (found !== undefined) return found;
  const go = await run('go', ['version'], { output: 'capture' });
  if (go.code !== 0)
    return { missing: `Go is not installed (1.24 or newer builds ${programs.title}); or ${otherwise}` };
  const folder = cacheFolder(programs);
  mkdirSync(folder, { recursive: true });
  return withLock(join(folder, 'lock'), async () => findGoPrograms(programs) ?? build(programs, folder), {
    waiting: (pid) => progress(`process ${pid} builds ${programs.title}; waiting for it`),
  });
}

async function build({ title, version, packages, duration }, folder) {
  const work = mkdtempSync(join(folder, 'build-'));
  // A module of its own: `go install` refuses a main package whose module has replace directives.
  writeFileSync(join(work, 'go.mod'), 'module guardspan.invalid/build\n\ngo 1.24\n');
  mkdirSync(join(work, 'bin'));
  const env = { CGO_ENABLED: '0', GOFLAGS: `${process.env.GOFLAGS ?? ''} -buildvcs=false`.trim() };
  const steps = [
    [`${title} 1/2: fetching Go modules`, ['get', ...packages.map((path) => `${path}@v${version}`)]],
    [
      `${title} 2/2: compiling (${duration} the first time)`,
      ['build', '-trimpath', '-ldflags=-s -w', '-o', join(work, 'bin'), ...packages],
    ],
  ];
  try {
    for (const [step, args] of steps) {
      progress(step);
      const { code, output } = await run('go', args, { cwd: work, env, output: 'capture', timeoutSeconds: 1500 });
      if (code !== 0) {
        process.stderr.write(output.slice(-4000));
        const last = output.trim().split('\n').at(-1)?.slice(0, 300) ?? 'no output';
        return { missing: `${title} could not be built: ${last}` };
      }
    }
    for (const path of packages) {
      const program = executable(path.split('/').at(-1));
      renameSync(join(work, 'bin', program), join(folder, program));
    }
    progress(`${title} ready: ${folder}`);
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function cacheFolder({ folder, version }) {
  return join(userCacheDir(), folder, `${version}-${process.platform}-${process.arch}`);
}
