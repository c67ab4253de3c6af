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

describe('recorded calls that cannot be judged', () => {
  const RULES = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: repaid}
spec:
  over: {every: 10s, groupBy: [model], test: {rate: {of: "truth.repaid == true", min: 0.5}}, promise: {falseAlarms: 1, per: 30d}}
  action: {annotate: {attributes: {bad: 'yes'}}}
  mode: warn
`;
  const run = async (cells: string[], bytes?: (text: string) => Uint8Array) => {
    const folder = mkdtempSync(join(tmpdir(), 'guardspan-replay-'));
    writeFileSync(join(folder, 'g.yaml'), RULES);
    const mapping =
      'apiVersion: guardspan/v1alpha1\nkind: CallMapping\ntime: {rowsPerSecond: 10}\nmodel: {value: m}\ntruth: {repaid: repaid}\n';
    writeFileSync(join(folder, 'calls.mapping'), mapping);
    const text = `id,repaid\n${cells.map((cell, i) => `é${i},${cell}`).join('\n')}`;
    writeFileSync(join(folder, 'calls.csv'), bytes?.(text) ?? text);
    return guardspan(['replay', '--guardrails', join(folder, 'g.yaml'), '--calls', join(folder, 'calls.csv')]);
  };

  it('are counted, and the first is named', async () => {
    const { out } = await run(Array.from({ length: 600 }, (_, i) => (i % 10 === 3 ? 'NA' : String(i % 3 > 0))));
    expect(out).toContain('60 calls lack what its test reads, or hold it as another type; the first is row 4');
  });
  it('because a condition never holds are pointed out', async () => {
    const { out } = await run(Array.from({ length: 600 }, (_, i) => String(i % 2)));
    expect(out).toContain('`truth.repaid == true` holds for none of 600 calls');
  });
  it('because they are not UTF-8 are named by line; UTF-16 is read', async () => {
    const latin = await run(['true'], (text) => Buffer.from(text, 'latin1'));
    expect(latin.err).toContain('calls.csv:2: the line is not UTF-8');
    const wide = await run(['true', 'false'], (text) => Buffer.from(`\ufeff${text}`, 'utf16le'));
    expect(wide.out).toContain('2 calls');
  });
});
