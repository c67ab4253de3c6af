import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PLUGIN, buildPlugin, ensureFolderInstalled, ensurePluginInstalled } from './grafana.mjs';
import { NODE } from './paths.mjs';
import { progress } from './progress.mjs';
import { run } from './run.mjs';

/** What runs the built app in a browser without a Grafana server. */
export const HOST = join(PLUGIN, 'host');
/** Sets of Grafana's packages that the host runs on. */
export const GRAFANAS = { 12: 'Grafana 12.4 with React 18', 13: 'Grafana 13.2 with React 19' };

/**
 * Builds the app and the host on some sets of Grafana's packages, and installs what that needs. Costs a moment when nothing changed.
 *
 * @param {string[]} sets Of {@link GRAFANAS}.
 * @returns {Promise<undefined | { missing: string }>} Why the packages cannot be installed; undefined when everything is there.
 * @throws {Error} When app or host do not build.
 */
export async function ensureHost(sets) {
  const missing =
    (await ensurePluginInstalled()) ??
    (await ensureFolderInstalled(HOST, 'the tools of the Grafana stand-in (about 150 MB on disk)'));
  if (missing !== undefined) return missing;
  for (const set of sets) {
    const failed = await ensureFolderInstalled(
      join(HOST, `grafana-${set}`),
      `the packages of ${GRAFANAS[set]} (about 700 MB on disk)`,
    );
    if (failed !== undefined) return failed;
  }
  await unlessBuilt(
    join(PLUGIN, 'dist', 'module.js'),
    ['src', 'package-lock.json', 'webpack.config.ts', '.policy'],
    () => buildPlugin(),
  );
  for (const set of sets) {
    await unlessBuilt(
      join(HOST, 'build', `grafana-${set}`, 'host.js'),
      ['host/src', 'host/rspack.config.mjs', `host/grafana-${set}/package-lock.json`],
      () => buildHost(set),
    );
  }
  return undefined;
}

async function buildHost(set) {
  const { code } = await run(NODE, ['build.mjs', set], { cwd: HOST, output: 'stderr' });
  if (code !== 0) throw new Error(`the stand-in for ${GRAFANAS[set]} does not build; its messages are above`);
  progress(`built the stand-in on ${GRAFANAS[set]}`);
}

/** Builds unless the result was made of the sources as they are now. */
async function unlessBuilt(result, sources, build) {
  const hash = createHash('sha256');
  for (const source of sources) {
    const path = join(PLUGIN, source);
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
          .sort()
      : [path];
    for (const file of files) hash.update(relative(PLUGIN, file)).update(readFileSync(file));
  }
  const now = hash.digest('hex');
  // Beside the folder of the build, which each build empties.
  const stamp = join(
    PLUGIN,
    'node_modules',
    `.built-${createHash('sha256').update(result).digest('hex').slice(0, 12)}`,
  );
  if (existsSync(result) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  await build();
  writeFileSync(stamp, now);
}
