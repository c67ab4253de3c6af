import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { HOST } from './grafana-host.mjs';
import { PLUGIN } from './grafana.mjs';
import { run } from './run.mjs';

/** Earliest time that zip knows; the same in every archive. */
const EPOCH = new Date(1980, 0, 1);

/**
 * Packs the built app: one folder named as the plugin, files in order, without times of this machine, so that the same sources give the
 * same bytes. Writes the archive and its checksum to grafana-plugin/artifacts.
 *
 * @returns {Promise<{ file: string, sha256: string, bytes: number }>}
 */
export async function packagePlugin() {
  const { zipSync } = createRequire(join(HOST, 'package.json'))('fflate');
  const dist = join(PLUGIN, 'dist');
  const { id, info } = JSON.parse(readFileSync(join(dist, 'plugin.json'), 'utf8'));
  const date = await sourceDate();
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  const entries = {};
  for (const file of files) {
    const path = file
      .slice(dist.length + 1)
      .split(sep)
      .join('/');
    const data = readFileSync(file);
    entries[`${id}/${path}`] = path.endsWith('plugin.json')
      ? Buffer.from(data.toString('utf8').replace(/("updated":\s*")[^"]*"/, `$1${date}"`))
      : data;
  }
  const archive = zipSync(entries, { mtime: EPOCH, level: 9 });
  const folder = join(PLUGIN, 'artifacts');
  mkdirSync(folder, { recursive: true });
  const name = `${id}-${info.version}.zip`;
  const sha256 = createHash('sha256').update(archive).digest('hex');
  writeFileSync(join(folder, name), archive);
  writeFileSync(join(folder, `${name}.sha256`), `${sha256}  ${name}\n`);
  return { file: join(folder, name), sha256, bytes: archive.length };
}

/** Day of what is packed: SOURCE_DATE_EPOCH, or the last commit that touched the app. */
async function sourceDate() {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  if (epoch !== undefined) return new Date(Number(epoch) * 1000).toISOString().slice(0, 10);
  const { code, output } = await run('git', ['log', '-1', '--format=%cs', '--', 'grafana-plugin', 'policy'], {
    output: 'capture',
  });
  if (code !== 0 || !/^\d{4}-\d{2}-\d{2}$/.test(output.trim()))
    throw new Error('this is no clone with a history: set SOURCE_DATE_EPOCH to the date of the release');
  return output.trim();
}
