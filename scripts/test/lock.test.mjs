import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from '../lib/lock.mjs';

let folder;
let path;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-lock-'));
  path = join(folder, 'sub', 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('lets one at a time in, and tells the other who is', async () => {
  const events = [];
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const first = withLock(path, async () => {
    events.push('first');
    await held;
    events.push('first ends');
  });
  const second = withLock(path, async () => void events.push('second'), {
    waiting: (owner) => {
      events.push(owner === process.pid ? 'waiting' : 'someone else');
      release();
    },
  });
  await Promise.all([first, second]);
  expect(events).toEqual(['first', 'waiting', 'first ends', 'second']);
  expect(existsSync(path)).toBe(false);
});

it('lets go when the work throws', async () => {
  await expect(withLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(withLock(path, () => Promise.resolve(1))).resolves.toBe(1);
});

it('takes over from a process that is gone', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  await withLock(path, () => Promise.resolve());
  writeFileSync(path, String(pid));
  await expect(withLock(path, () => Promise.resolve('mine'))).resolves.toBe('mine');
});
