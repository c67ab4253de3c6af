import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder with promtool and amtool, which the test set-up prepares; undefined when it could not. */
export const PROGRAMS = process.env['GUARDSPAN_PROMETHEUS_DIR'];

if (PROGRAMS === undefined)
  process.stderr.write(
    'Skipping what needs promtool and amtool: GUARDSPAN_PROMETHEUS_DIR names no folder (npm test prepares one)\n',
  );

/** Absolute path of a file of this repository. */
export function inRepository(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

export const readRepository = (path: string): string => readFileSync(inRepository(path), 'utf8');

/** Runs promtool or amtool. */
export function runTool(program: 'promtool' | 'amtool', ...args: string[]): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(join(PROGRAMS!, program), args, { encoding: 'utf8', timeout: 60_000 });
  return { code: status, output: `${stdout}${stderr}` };
}
