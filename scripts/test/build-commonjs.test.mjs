import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildCommonJs } from '../lib/build-commonjs.mjs';

const require = createRequire(import.meta.url);
let dist;
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'guardspan-build-'));
  mkdirSync(join(dist, 'esm', 'inner'), { recursive: true });
});
afterEach(() => rmSync(dist, { recursive: true }));
const source = (name, text) => writeFileSync(join(dist, 'esm', name), text);

it('builds file by file, keeps import() and gives import.meta its values', async () => {
  source('index.js', "export { where } from './inner/where.js';\nexport const load = () => import('node:os');\n");
  source('inner/where.js', 'export const where = [import.meta.url, import.meta.dirname, import.meta.filename];\n');
  source('index.d.ts', 'export {};\n');
  await buildCommonJs(dist);
  const path = join(dist, 'cjs', 'inner', 'where.js');
  const built = require(join(dist, 'cjs', 'index.js'));
  expect(built.where).toEqual([pathToFileURL(path).href, join(dist, 'cjs', 'inner'), path]);
  expect((await built.load()).EOL).toBeDefined();
  expect(existsSync(join(dist, 'cjs', 'index.d.ts'))).toBe(true);
});

it('leaves out what the sources no longer have', async () => {
  source('index.js', 'export {};\n');
  source('old.js', 'export {};\n');
  await buildCommonJs(dist);
  rmSync(join(dist, 'esm', 'old.js'));
  await buildCommonJs(dist);
  expect(existsSync(join(dist, 'cjs', 'old.js'))).toBe(false);
});
