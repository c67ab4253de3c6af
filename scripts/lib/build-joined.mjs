import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * The compiler exports by getters, through as many as there are files between a name and its reader. When a module has run its exports do not change any more:
 * plain properties are what V8 reads as constants. Modules that import each other in a circle keep the getters.
 */
const PLAIN_EXPORTS = `module.exports = Object.defineProperty({ ...module.exports }, '__esModule', { value: true });`;

/**
 * Joins the ES modules of a package for Node: a file for each entry of `exports` and one for what they share, as ES modules and as CommonJS. A process that loads hundreds of small files starts
 * 100 ms later and keeps 10 MB more, and calls between files cost. Nothing is renamed or shortened; source maps name the file that a line is from.
 *
 * @param {string} root Folder of the package, which holds `dist/esm/`; `dist/node/` and `dist/cjs/` are made beside it.
 */
export async function buildJoined(root) {
  // Loaded late: it is a dependency, and this module is imported before dependencies are there.
  const { build } = await import('esbuild');
  const esm = join(root, 'dist', 'esm');
  const cjs = join(root, 'dist', 'cjs');
  const joined = join(root, 'dist', 'node');
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const entryPoints = Object.values(exports)
    .flatMap((conditions) => conditions.import?.types ?? [])
    .map((path) => join(root, path.replace(/\.d\.ts$/, '.js')));

  for (const folder of [cjs, joined]) rmSync(folder, { recursive: true, force: true });
  const options = { platform: 'node', target: 'node20', sourcesContent: false, logLevel: 'warning' };
  // Only ES modules can be joined so that entries share what both import.
  await build({
    ...{ ...options, entryPoints, outdir: joined, format: 'esm', bundle: true, splitting: true },
    ...{ packages: 'external', chunkNames: 'shared-[hash]', sourcemap: true },
  });
  const files = readdirSync(joined)
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(joined, name));
  const usesMeta = (path) => readFileSync(path, 'utf8').includes('import.meta');
  const convert = { ...options, outdir: cjs, format: 'cjs', sourcemap: true, footer: { js: PLAIN_EXPORTS } };
  await build({ ...convert, entryPoints: files.filter((path) => !usesMeta(path)) });
  await build({
    ...{ ...convert, entryPoints: files.filter(usesMeta) },
    // CommonJS has no import.meta; these are the same values. Not in every file, because the policy package also runs in browsers.
    banner: { js: "const __guardspanModuleUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: {
      'import.meta.url': '__guardspanModuleUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
  });
  for (const entry of readdirSync(esm, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || !/\.d\.ts(\.map)?$/.test(path)) continue;
    const copy = join(cjs, relative(esm, path));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(path, copy);
  }
  writeFileSync(join(cjs, 'package.json'), '{ "type": "commonjs" }\n');
}
