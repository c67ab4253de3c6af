import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/**
 * Starts a server in a folder of its own and waits until it is ready.
 *
 * @param {{ program: string, args: string[], files: Record<string, string>, url: string }} options `files` are written into the folder first;
 *   `url` is where it will answer, at `/-/ready` as well.
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startProgram({ program, args, files, url }) {
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-e2e-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  const child = spawn(program, args, { cwd: folder, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve).once('error', resolve));
  const close = async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (const until = Date.now() + 20_000; Date.now() < until && child.exitCode === null;) {
    const ready = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return { url, close };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await close();
  throw new Error(`${basename(program)} did not become ready in 20 seconds`);
}
