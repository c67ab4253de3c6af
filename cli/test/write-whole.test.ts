import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HTTP_API } from '@guardspan/policy';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFile, createWhole, replaceFile } from '../src/write-whole.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-whole-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

describe('a file that is written as a whole', () => {
  it('is new, or replaces one and keeps its mode', async () => {
    await createFile(at('a'), 'one');
    expect(readFileSync(at('a'), 'utf8')).toBe('one');
    writeFileSync(at('b'), 'old', { mode: 0o600 });
    await replaceFile(at('b'), 'new');
    expect([readFileSync(at('b'), 'utf8'), statSync(at('b')).mode & 0o777]).toEqual(['new', 0o600]);
    expect(readdirSync(folder)).toEqual(['a', 'b']);
  });

  it('does not take the place of one, and leaves nothing behind when it fails', async () => {
    await createFile(at('a'), 'one');
    await expect(createFile(at('a'), 'two')).rejects.toMatchObject({ code: 'EEXIST' });
    const failing = createWhole(at('b'), (name) => {
      writeFileSync(name, 'half');
      return Promise.reject(new Error('broken off'));
    });
    await expect(failing).rejects.toThrow('broken off');
    expect([readFileSync(at('a'), 'utf8'), readdirSync(folder)]).toEqual(['one', ['a']]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('is not there after %s in the middle', async (signal) => {
    const server = createServer((_, response) => {
      const headers = { [HTTP_API.HEADER]: HTTP_API.VERSION, 'content-type': 'application/jsonl' };
      response.writeHead(200, headers).write('{"seq":1}\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = spawn(process.execPath, [MAIN, 'audit', 'export', '--out', at('a.jsonl'), '--server', url]);
    try {
      await vi.waitFor(() => expect(readdirSync(folder)).toHaveLength(1), { timeout: 20_000, interval: 20 });
      expect(existsSync(at('a.jsonl'))).toBe(false);
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([null, signal]);
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      child.kill('SIGKILL');
      server.closeAllConnections();
      server.close();
    }
  });
});
