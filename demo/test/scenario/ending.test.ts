import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'guardspan-demo-test-'));
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

describe('Ctrl-C', () => {
  it('ends every process and removes every file, also when terminal, npm and scripts each pass it on', async () => {
    const child = spawn(process.execPath, [MAIN, '--direct', '--no-app'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: temporary, GUARDSPAN_APP_HOST: '' },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await expect.poll(() => said, { timeout: 30_000, interval: 100 }).toContain('Live page: ');
    const api = /API: (http:\/\/127\.0\.0\.1:\d+)/.exec(said)![1]!;
    expect((await fetch(`${api}/healthz`)).status).toBe(200);
    expect(readdirSync(temporary).filter((name) => name.startsWith('guardspan-demo-'))).toHaveLength(1);

    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGINT');

    expect(await exited, said).toBe(130);
    await expect(fetch(`${api}/healthz`)).rejects.toThrow();
    expect(readdirSync(temporary)).toEqual([]);
  }, 60_000);
});
