import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMapping, readTable, replay } from '@guardspan/evaluator';
import type { ReplayResult } from '@guardspan/evaluator';
import { loadGuardrails } from '@guardspan/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardspan } from './support/run-cli.js';
import { TABLES, type Table } from './support/tables.js';

const full = process.env['GUARDSPAN_VERIFY'] === 'full';
/** Streams of each kind. */
const STREAMS = full ? 400 : 10;
const ALPHA = 0.05;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-tables-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The same through the command line, with files. */
async function throughCli(table: Table): Promise<ReplayResult> {
  for (const [name, text] of [
    [table.file, table.csv],
    [`${table.file}.mapping`, table.mapping],
    [`${table.name}.yaml`, table.guardrail],
  ] as const)
    writeFileSync(join(folder, name), text);
  const rules = join(folder, `${table.name}.yaml`);
  const { code, out, err } = await guardspan([
    ...['replay', '--json', '--guardrails', rules, '--calls', join(folder, table.file)],
  ]);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as ReplayResult;
}

function fires(table: Table): boolean {
  const mapping = readMapping(table.mapping, 'm');
  const { calls, leftOut } = readTable(table.csv, table.file, mapping);
  expect(leftOut.rows).toBe(0);
  const rows = 'row' in mapping.time ? { perBucket: mapping.time.perBucket } : null;
  const { guardrails } = loadGuardrails(table.guardrail, { file: 'g.yaml' });
  return replay(guardrails, calls, rows).timeline.some(({ to }) => to === 'firing');
}

describe.each(TABLES.map((make) => [make(0, false).name, make] as const))('a table of %s', (_name, make) => {
  it('through the command line: silent without a change, and found with one', async () => {
    const honest = await throughCli(make(1, false));
    expect(honest.timeline).toEqual([]);
    const changed = await throughCli(make(1, true));
    expect(changed.timeline.map(({ to }) => to)).toContain('firing');
    for (const { guardrails } of [honest, changed]) {
      expect(guardrails[0]!.hints).toEqual([]);
      expect(guardrails[0]!.evidence[0]!.promise.reasons).toEqual([]);
    }
  });

  it(`alarms in ${ALPHA * 100} % of honest tables at most, and finds changes`, () => {
    let [alarms, found] = [0, 0];
    for (let seed = 0; seed < STREAMS; seed++) {
      if (fires(make(seed, false))) alarms++;
      if (fires(make(seed, true))) found++;
    }
    // Three standard deviations beyond what is promised.
    expect(alarms).toBeLessThanOrEqual(STREAMS * ALPHA + 3 * Math.sqrt(STREAMS * ALPHA * (1 - ALPHA)));
    expect(found).toBeGreaterThanOrEqual(STREAMS * 0.95);
  }, 600_000);
});
