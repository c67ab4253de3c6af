import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildJoined } from '../lib/build-joined.mjs';

const require = createRequire(import.meta.url);
let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'guardspan-build-'));
  mkdirSync(join(root, 'dist', 'esm', 'inner'), { recursive: true });
  exportsOf('index');
});
afterEach(() => rmSync(root, { recursive: true }));
const source = (name, text) => writeFileSync(join(root, 'dist', 'esm', name), text);
const built = (name) => join(root, 'dist', 'cjs', name);
const scripts = () => readdirSync(join(root, 'dist', 'cjs')).filter((name) => name.endsWith('.js'));

function exportsOf(...names) {
  const entry = (name) => ({ import: { types: `./dist/esm/${name}.d.ts`, default: `./dist/node/${name}.js` } });
  const exports = { ...Object.fromEntries(names.map((name) => [`./${name}`, entry(name)])), './package.json': './p' };
  writeFileSync(join(root, 'package.json'), JSON.stringify({ exports }));
}

it('joins the files of an entry, keeps import() and gives import.meta its values', async () => {
  source('index.js', "export { where } from './inner/where.js';\nexport const load = () => import('node:os');\n");
  source('inner/where.js', 'export const where = [import.meta.url, import.meta.dirname, import.meta.filename];\n');
  source('index.d.ts', 'export {};\n');
  await buildJoined(root);
  const path = built('index.js');
  const { where, load } = require(path);
  expect(where).toEqual([pathToFileURL(path).href, dirname(path), path]);
  expect((await load()).EOL).toBeDefined();
  expect(scripts()).toEqual(['index.js']);
  expect(existsSync(built('index.d.ts'))).toBe(true);
  expect(readdirSync(join(root, 'dist')).sort()).toEqual(['cjs', 'esm', 'node']);
});

it('lets two entries share what both import, and its map names the source', async () => {
  exportsOf('index', 'other');
  source('index.js', "export { state } from './inner/state.js';\n");
  source('other.js', "export { state as same } from './inner/state.js';\n");
  source('inner/state.js', 'export const state = { count: 0 };\n');
  await buildJoined(root);
  expect(require(built('other.js')).same).toBe(require(built('index.js')).state);
  const shared = scripts().filter((name) => !['index.js', 'other.js'].includes(name));
  expect(shared).toHaveLength(1);
  const { sources } = JSON.parse(readFileSync(built(`${shared[0]}.map`), 'utf8'));
  expect(sources).toEqual(['../esm/inner/state.js']);
});

it('leaves out what the sources no longer have', async () => {
  exportsOf('index', 'old');
  source('index.js', 'export {};\n');
  source('old.js', 'export {};\n');
  await buildJoined(root);
  exportsOf('index');
  rmSync(join(root, 'dist', 'esm', 'old.js'));
  await buildJoined(root);
  expect(scripts()).toEqual(['index.js']);
});
