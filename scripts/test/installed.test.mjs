import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isInstalled } from '../lib/ensure-installed.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-installed-'));
  mkdirSync(join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const wanted = (packages) => writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
const present = (packages) =>
  writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));

it('is installed when npm recorded all that the lock file asks for', () => {
  wanted({
    '': { name: 'app' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/other-os': { version: '1.0.0', optional: true },
  });
  present({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/extra': { version: '1.0.0' } });
  expect(isInstalled(folder)).toBe(true);
});

it.each([
  ['another version', { 'node_modules/a': { version: '1.0.1' } }],
  ['a missing package', {}],
])('is not installed with %s', (_, packages) => {
  wanted({ 'node_modules/a': { version: '1.0.0' } });
  present(packages);
  expect(isInstalled(folder)).toBe(false);
});

it('is not installed when npm recorded nothing', () => {
  wanted({});
  expect(isInstalled(folder)).toBe(false);
});
