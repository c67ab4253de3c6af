import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeStale } from '../lib/remove-stale.mjs';

let folder;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'guardspan-stale-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('deletes the output of deleted sources and nothing else', () => {
  mkdirSync(join(folder, 'src'));
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'src', 'kept.ts'), '');
  const kept = ['.tsbuildinfo', 'kept.d.ts', 'kept.d.ts.map', 'kept.js', 'kept.js.map'];
  const stale = ['gone.d.ts', 'gone.d.ts.map', 'gone.js', 'gone.js.map'];
  for (const name of [...kept, ...stale]) writeFileSync(join(folder, 'dist', name), '');
  removeStale(join(folder, 'src'), join(folder, 'dist'));
  expect(readdirSync(join(folder, 'dist')).sort()).toEqual(kept);
});
