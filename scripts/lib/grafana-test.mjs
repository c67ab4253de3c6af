import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runInPlugin } from './grafana.mjs';
import { SCRATCH } from './paths.mjs';
import { countVitest } from './vitest.mjs';

/**
 * Types, style, texts and unit tests of the Grafana app, one stage each.
 *
 * @type {{ name: string, run: (filters: string[]) => Promise<import('./tally.mjs').Counts & { notes?: string[] }> }[]}
 */
export const PLUGIN_STAGES = [
  { name: 'types', run: () => check(['typescript', 'bin', 'tsc'], ['--noEmit', '--pretty', 'false']) },
  { name: 'eslint', run: () => check(['eslint', 'bin', 'eslint.js'], ['-c', 'lint.config.mjs', '.']) },
  // What Grafana loads is what the code says.
  {
    name: 'texts',
    run: () => check(['i18next-cli', 'dist', 'esm', 'cli.js'], ['extract', '--sync-primary', '--ci', '--quiet']),
  },
  { name: 'jest', run: runJest },
];

async function check(program, args) {
  const { code } = await runInPlugin(program, args);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

async function runJest(filters) {
  const report = join(SCRATCH, 'test', 'jest.json');
  mkdirSync(join(SCRATCH, 'test'), { recursive: true });
  rmSync(report, { force: true });
  const { code } = await runInPlugin(
    ['jest', 'bin', 'jest.js'],
    ['--maxWorkers=2', '--json', `--outputFile=${report}`, ...filters],
    { output: 'stderr' },
  );
  // Jest's report has the shape that Vitest's imitates.
  return countVitest(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, code);
}
