import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { withLock } from './lock.mjs';
import { NODE, ROOT, userCacheDir } from './paths.mjs';
import { progress } from './progress.mjs';
import { run, runNpm } from './run.mjs';

const VERSION = '1.27.1';
const ADDON = join('node_modules', 're2', 'build', 'Release', 're2.node');
const OTHERWISE = 'set GUARDSPAN_RE2_DIR to a folder whose node_modules has re2 for this Node';

/**
 * A folder whose `node_modules` has the npm package `re2`, the native engine of regular expressions that applications may add: `GUARDSPAN_RE2_DIR`, or compiled at the
 * first use for the Node that runs the tests, and kept in the user's cache folder. Never taken as a binary from elsewhere.
 *
 * @returns {Promise<string | { missing: string }>} The folder, or why there is none.
 */
export async function ensureNativeRe2() {
  const given = process.env.GUARDSPAN_RE2_DIR;
  if (given && existsSync(join(given, ADDON))) return given;
  const { output } = await run(NODE, ['-p', 'process.versions.modules'], { output: 'capture' });
  const folder = join(userCacheDir(), 're2', `${VERSION}-${process.platform}-${process.arch}-${output.trim()}`);
  if (await loads(folder)) return folder;
  const headers = headersOfNode();
  if (headers === undefined)
    return { missing: `the package of Node on this system comes without its headers; ${OTHERWISE}` };
  for (const [program, title] of [
    ['c++', 'a C++ compiler'],
    ['make', 'make'],
    ['python3', 'Python 3'],
  ]) {
    const { code } = await run(program, ['--version'], { output: 'capture' });
    if (code !== 0) return { missing: `${title} is not installed, which compiles re2; or ${OTHERWISE}` };
  }
  mkdirSync(folder, { recursive: true });
  return withLock(join(folder, 'lock'), async () => ((await loads(folder)) ? folder : build(folder, headers)), {
    waiting: (pid) => progress(`process ${pid} compiles re2; waiting for it`),
  });
}

/** Whether the Node that runs the tests can load what is in the folder: it may be from another one, or half written. */
async function loads(folder) {
  if (!existsSync(join(folder, ADDON))) return false;
  const { code } = await run(NODE, ['-e', `require(${JSON.stringify(join(folder, 'node_modules', 're2'))})`], {
    output: 'capture',
  });
  return code === 0;
}

/** The folder that node-gyp calls `nodedir`: npm's package of Node for this system has the headers beside the program. */
function headersOfNode() {
  try {
    const packages = createRequire(join(ROOT, 'node_modules', 'node', 'package.json'));
    const folder = dirname(packages.resolve(`node-${process.platform}-${process.arch}/package.json`));
    return existsSync(join(folder, 'include', 'node', 'node_api.h')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

async function build(folder, headers) {
  const work = mkdtempSync(join(folder, 'build-'));
  const failed = (step, output) => {
    process.stderr.write(output.slice(-4000));
    return { missing: `re2 could not be ${step}: ${output.trim().split('\n').at(-1)?.slice(0, 300) ?? 'no output'}` };
  };
  try {
    progress('re2 1/2: fetching its source from npm');
    writeFileSync(join(work, 'package.json'), JSON.stringify({ private: true, dependencies: { re2: VERSION } }));
    const fetched = await runNpm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], {
      cwd: work,
      output: 'capture',
    });
    if (fetched.code !== 0) return failed('fetched', fetched.output);
    progress('re2 2/2: compiling (2 to 4 minutes the first time)');
    const packaged = join(work, 'node_modules', 're2');
    const gyp = join(work, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
    const compiled = await run(NODE, [gyp, 'rebuild', '-j', 'max', `--nodedir=${headers}`], {
      cwd: packaged,
      output: 'capture',
      timeoutSeconds: 2400,
      // What npm takes from a user's .npmrc reaches node-gyp by the environment, and wins over its options there.
      env: { npm_config_nodedir: headers },
    });
    if (compiled.code !== 0) return failed('compiled', compiled.output);
    // Objects and sources are three quarters of it.
    rmSync(join(packaged, 'build', 'Release', 'obj.target'), { recursive: true, force: true });
    rmSync(join(packaged, 'vendor'), { recursive: true, force: true });
    rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
    renameSync(join(work, 'node_modules'), join(folder, 'node_modules'));
    if (!(await loads(folder))) return failed('loaded', 'it was compiled, and this Node does not load it');
    progress(`re2 ready: ${folder}`);
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
