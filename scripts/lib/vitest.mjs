import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { NODE, ROOT, SCRATCH } from './paths.mjs';
import { run } from './run.mjs';

/**
 * Runs the workspace's Vitest tests.
 *
 * @param {string[]} filters Paths to run; none runs all.
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<import('./tally.mjs').Counts & { notes: string[] }>}
 */
export async function runVitest(filters, env) {
  const report = join(SCRATCH, 'test', 'vitest.json');
  mkdirSync(join(SCRATCH, 'test'), { recursive: true });
  rmSync(report, { force: true });
  const { code, timedOut } = await run(
    NODE,
    [
      join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...filters,
    ],
    { env, timeoutSeconds: 2400 },
  );
  const counts = countVitest(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, code);
  if (timedOut) counts.notes.unshift('ended: it ran longer than 40 minutes');
  return counts;
}

/**
 * Numbers of a Vitest JSON report. A file that could not be loaded counts as one failure, and so does a run that failed without a failed test.
 *
 * @param {{ testResults: { name: string, status: string, message?: string, assertionResults: { status: string, fullName: string }[] }[] } | undefined} report
 * @param {number} code Exit code of the runner.
 * @returns {import('./tally.mjs').Counts & { notes: string[] }}
 */
export function countVitest(report, code) {
  const counts = { passed: 0, failed: 0, skipped: 0, notes: [] };
  for (const file of report?.testResults ?? []) {
    const name = relative(ROOT, file.name);
    let failed = 0;
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1;
      else if (status === 'failed') {
        failed += 1;
        counts.notes.push(`failed: ${name}: ${fullName}`);
      } else {
        counts.skipped += 1;
        counts.notes.push(`skipped: ${name}: ${fullName}`);
      }
    }
    if (failed === 0 && file.status === 'failed') {
      failed = 1;
      counts.notes.push(`failed: ${name}: ${file.message?.split('\n')[0] ?? 'it could not be loaded'}`);
    }
    counts.failed += failed;
  }
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) {
    counts.failed = 1;
    counts.notes.push(`failed: the runner ended with exit code ${code} and ${counts.passed} tests passed`);
  }
  return counts;
}
