import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled, isInstalled } from './ensure-installed.mjs';
import { withLock } from './lock.mjs';
import { NODE, ROOT } from './paths.mjs';
import { progress } from './progress.mjs';
import { run, runNpm } from './run.mjs';

/** The Grafana app: an npm project of its own, because Grafana's packages and ours must not mix. */
export const PLUGIN = join(ROOT, 'grafana-plugin');
const POLICY_TARBALL = join(PLUGIN, '.policy', 'guardspan-policy.tgz');
const POLICY_STAMP = join(PLUGIN, 'node_modules', '.guardspan-policy');

/**
 * Installs the app's dependencies when they are missing or differ from its lock file, and the language package as it is now, and says so.
 *
 * @returns {Promise<undefined | { missing: string }>} Why they cannot be installed; undefined when they are there.
 * @throws {Error} When the workspace itself does not build.
 */
export async function ensurePluginInstalled() {
  await ensureInstalled();
  await ensureBuilt();
  await packPolicy();
  const installed = await ensureFolderInstalled(PLUGIN, 'the packages of the Grafana app (about 850 MB on disk)');
  if (installed !== undefined) return installed;
  await refreshPolicy();
  return undefined;
}

/**
 * Installs a folder with a lock file of its own.
 *
 * @param {string} folder
 * @param {string} what For people.
 * @returns {Promise<undefined | { missing: string }>}
 */
export async function ensureFolderInstalled(folder, what) {
  if (isInstalled(folder)) return undefined;
  const lock = join(tmpdir(), `guardspan-install-${digest(folder).slice(0, 12)}.lock`);
  return withLock(
    lock,
    async () => {
      if (isInstalled(folder)) return undefined;
      progress(`installing ${what}`);
      // Ours is pinned to the Node that the tests run on: what runs npm itself may be older than these packages want.
      const { code } = await runNpm(['ci', '--prefer-offline', '--no-audit', '--no-fund'], {
        cwd: folder,
        output: 'stderr',
        env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
      });
      if (code !== 0) return { missing: `npm ci in ${folder} ended with ${code}; its output above says why` };
      progress(`installed ${what}`);
      return undefined;
    },
    { waiting: (pid) => progress(`process ${pid} installs ${what}; waiting for it`) },
  );
}

/**
 * Runs a program of the app's own dependencies on the pinned Node.
 *
 * @param {string[]} program Path below node_modules.
 * @param {string[]} args
 * @param {import('./run.mjs').RunOptions} [options]
 */
export function runInPlugin(program, args, options = {}) {
  return run(NODE, [join(PLUGIN, 'node_modules', ...program), ...args], { cwd: PLUGIN, ...options });
}

/** Grafana loads module.js with every page, whatever the page. Bytes. */
const MAX_MODULE = 30_000;

/**
 * Builds the app into grafana-plugin/dist.
 *
 * @throws {Error} When it does not build, or when module.js is too large.
 */
export async function buildPlugin() {
  progress('building the Grafana app');
  const { code, output } = await runInPlugin(
    ['webpack', 'bin', 'webpack.js'],
    ['-c', './webpack.config.ts', '--env', 'production'],
    { output: 'capture' },
  );
  if (code !== 0) throw new Error(`${output}\nthe Grafana app does not build; webpack says above why`);
  const { size } = statSync(join(PLUGIN, 'dist', 'module.js'));
  if (size > MAX_MODULE)
    throw new Error(`module.js has ${size} bytes, more than ${MAX_MODULE}: import what only pages need lazily`);
  progress(`built grafana-plugin/dist; module.js has ${size} bytes`);
}

/** Packs the language package to where the app's package.json expects it. */
async function packPolicy() {
  const folder = join(PLUGIN, '.policy');
  mkdirSync(folder, { recursive: true });
  const { code, output } = await runNpm(['pack', '--silent', '--pack-destination', folder], {
    cwd: join(ROOT, 'policy'),
    output: 'capture',
  });
  if (code !== 0) throw new Error(`npm pack of policy failed: ${output}`);
  const name = output.trim().split('\n').at(-1);
  renameSync(join(folder, name), POLICY_TARBALL);
}

/** npm compares versions only: a package that changed under the same version is unpacked anew. */
async function refreshPolicy() {
  const now = digest(readFileSync(POLICY_TARBALL));
  if (existsSync(POLICY_STAMP) && readFileSync(POLICY_STAMP, 'utf8') === now) return;
  const target = join(PLUGIN, 'node_modules', '@guardspan', 'policy');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const { code, output } = await run('tar', ['-xzf', POLICY_TARBALL, '-C', target, '--strip-components=1'], {
    output: 'capture',
  });
  if (code !== 0) throw new Error(`the language package could not be unpacked: ${output}`);
  writeFileSync(POLICY_STAMP, now);
}

function digest(data) {
  return createHash('sha256').update(data).digest('hex');
}
