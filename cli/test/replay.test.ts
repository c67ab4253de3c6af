import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { guardspan } from './support/run-cli.js';

const RULE = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors, labels: {owner: shop}}
spec:
  over:
    every: 10s
    groupBy: [model]
    test: {rate: {of: "error.type != ''", max: 0.02}}
    promise: {falseAlarms: 1, per: 30d}
  action: {reroute: {to: previous-version}}
  mode: enforce
`;
const MAPPING = `apiVersion: guardspan/v1alpha1
kind: CallMapping
time: {epoch: at}
model: model
error: error
`;

/** A folder with the guard-rail, and a table of 3,000 rows of which two have no time. */
function files(): { rule: string; table: string } {
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-replay-'));
  const rows = Array.from({ length: 3_000 }, (_, i) => {
    const at = i === 6 ? 'later' : i === 9 ? '' : String(1_800_000_000 + i / 10);
    return `${at},m,${i % 5 === 0 ? 'timeout' : ''}`;
  });
  writeFileSync(join(folder, 'errors.yaml'), RULE);
  writeFileSync(join(folder, 'calls.mapping'), MAPPING);
  writeFileSync(join(folder, 'calls.csv'), ['at,model,error', ...rows].join('\n'));
  return { rule: join(folder, 'errors.yaml'), table: join(folder, 'calls.csv') };
}

describe('guardspan replay', () => {
  it('says that enforce is judged as warn, and which rows have no time', async () => {
    const { rule, table } = files();
    const { code, out, err } = await guardspan(['replay', '--guardrails', rule, '--calls', table]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(
      '2998 calls\n2 rows left out, because their time cannot be read; the first is row 7: "later"',
    );
    expect(out).toContain('enforce, judged as warn: a recording has no probes');
    expect(out).toMatch(/ok -> firing/);
  });

  it('says the same in JSON', async () => {
    const { rule, table } = files();
    const { out } = await guardspan(['replay', '--guardrails', rule, '--calls', table, '--json']);
    expect(JSON.parse(out)).toMatchObject({
      calls: 2_998,
      guardrails: [{ mode: 'enforce', judgedAs: 'warn', calls: 2_998, evidence: [{ counters: { calls: 2_998 } }] }],
      leftOut: { rows: 2, first: { row: 7, text: 'later' } },
    });
  });
});
