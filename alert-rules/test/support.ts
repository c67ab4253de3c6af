import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder with prometheus and promtool, which the test set-up prepares; undefined when it could not. */
export const PROMETHEUS = process.env['GUARDSPAN_PROMETHEUS_DIR'];
/** Folder with alertmanager and amtool, which the test set-up prepares; undefined when it could not. */
export const ALERTMANAGER = process.env['GUARDSPAN_ALERTMANAGER_DIR'];

for (const [name, folder] of Object.entries({ PROMETHEUS, ALERTMANAGER })) {
  if (folder !== undefined) continue;
  process.stderr.write(
    `Skipping what needs ${name.toLowerCase()}: GUARDSPAN_${name}_DIR names no folder (npm test prepares one)\n`,
  );
}

/** Absolute path of a file of this repository. */
export function inRepository(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

export const readRepository = (path: string): string => readFileSync(inRepository(path), 'utf8');

/** Runs promtool or amtool. */
export function runTool(program: 'promtool' | 'amtool', ...args: string[]): { code: number | null; output: string } {
  const folder = program === 'promtool' ? PROMETHEUS : ALERTMANAGER;
  const { status, stdout, stderr } = spawnSync(join(folder!, program), args, { encoding: 'utf8', timeout: 60_000 });
  return { code: status, output: `${stdout}${stderr}` };
}
