import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * The compiler exports by getters, through as many as there are files between a name and its reader. When a module has run its exports do not change any more:
 * plain properties are what V8 reads as constants. Modules that import each other in a circle keep the getters.
 */
const PLAIN_EXPORTS = `module.exports = Object.defineProperty({ ...module.exports }, '__esModule', { value: true });`;

/**
 * Makes the CommonJS build of a package from its ES modules: one file each, not bundled, so that both builds have the same shape and a stack
 * trace names the file that it means.
 *
 * @param {string} dist Folder that holds `esm/`; `cjs/` is made beside it.
 */
export async function buildCommonJs(dist) {
  // Loaded late: it is a dependency, and this module is imported before dependencies are there.
  const { build } = await import('esbuild');
  const esm = join(dist, 'esm');
  const cjs = join(dist, 'cjs');
  const files = readdirSync(esm, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const scripts = files.filter((path) => path.endsWith('.js'));
  const usesMeta = new Set(scripts.filter((path) => readFileSync(path, 'utf8').includes('import.meta')));

  rmSync(cjs, { recursive: true, force: true });
  const options = {
    outdir: cjs,
    outbase: esm,
    bundle: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    footer: { js: PLAIN_EXPORTS },
  };
  await build({ ...options, entryPoints: scripts.filter((path) => !usesMeta.has(path)) });
  await build({
    ...options,
    entryPoints: [...usesMeta],
    // CommonJS has no import.meta; these are the same values. Not in every file, because the policy package also runs in browsers.
    banner: { js: "const __guardspanModuleUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: {
      'import.meta.url': '__guardspanModuleUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
  });
  for (const path of files.filter((path) => /\.d\.ts(\.map)?$/.test(path))) {
    const copy = join(cjs, relative(esm, path));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(path, copy);
  }
  writeFileSync(join(cjs, 'package.json'), '{ "type": "commonjs" }\n');
}
