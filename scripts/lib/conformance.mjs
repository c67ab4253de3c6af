import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { NODE, ROOT, SCRATCH } from './paths.mjs';
import { run } from './run.mjs';

/** On two idle cores all cells take less than a quarter of an hour. */
const LIMIT_MINUTES = 120;

/**
 * Runs every cell of the conformance suite of clients: what applications see of each client, bare and guarded.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<import('./tally.mjs').Counts & { notes: string[] }>} Cells, not their usages; each usage that failed has a note.
 */
export async function runClients(env) {
  const report = join(SCRATCH, 'test', 'conformance-clients.json');
  mkdirSync(join(SCRATCH, 'test'), { recursive: true });
  rmSync(report, { force: true });
  const program = join(ROOT, 'test', 'dist', 'conformance', 'clients.js');
  const options = { env, output: 'stderr', timeoutSeconds: LIMIT_MINUTES * 60 };
  const { code, timedOut } = await run(NODE, ['--enable-source-maps', program, '--report', report], options);
  const counts = countRows(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).rows : [], code);
  if (timedOut) counts.notes.unshift(`ended: it ran longer than ${LIMIT_MINUTES} minutes`);
  return counts;
}

/**
 * Numbers of a report of the suite. A run that failed without a failed row, or that ran nothing, counts as one failure.
 *
 * @param {{ client: string, usage: string, module: string, act: string, line: string, pass: boolean, reason?: string }[]} rows
 * @param {number} code Exit code of the suite.
 * @returns {import('./tally.mjs').Counts & { notes: string[] }}
 */
export function countRows(rows, code) {
  const cells = new Map();
  const notes = [];
  for (const { client, usage, module, act, line, pass, reason } of rows) {
    const cell = `${client} as ${module}, ${act}, OpenTelemetry ${line}`;
    cells.set(cell, (cells.get(cell) ?? true) && pass);
    if (!pass) notes.push(`failed: ${cell}: ${usage}: ${reason}`);
  }
  const passed = [...cells.values()].filter(Boolean).length;
  const failed = cells.size - passed;
  if (failed > 0 || (code === 0 && passed > 0)) return { passed, failed, skipped: 0, notes };
  return {
    passed,
    failed: 1,
    skipped: 0,
    notes: [`failed: the suite ended with exit code ${code} and ${passed} cells passed`],
  };
}
