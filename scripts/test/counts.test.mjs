import { describe, expect, it } from 'vitest';
import { countRows } from '../lib/conformance.mjs';
import { countTap } from '../lib/fixtures.mjs';
import { Tally } from '../lib/tally.mjs';
import { countVitest } from '../lib/vitest.mjs';

const file = (status, ...statuses) => ({
  name: '/tests/a.test.ts',
  status,
  message: 'Cannot find module',
  assertionResults: statuses.map((status, index) => ({ status, fullName: `test ${index}` })),
});
const numbers = ({ passed, failed, skipped }) => [passed, failed, skipped];

describe('the numbers of a Vitest run', () => {
  it('are those of its tests', () => {
    const report = { testResults: [file('failed', 'passed', 'failed', 'skipped', 'todo'), file('passed', 'passed')] };
    expect(numbers(countVitest(report, 1))).toEqual([2, 1, 2]);
  });

  it('count a file that could not be loaded as a failure', () => {
    const { notes, ...counts } = countVitest({ testResults: [file('failed'), file('passed', 'passed')] }, 1);
    expect(numbers(counts)).toEqual([1, 1, 0]);
    expect(notes[0]).toMatch(/a\.test\.ts: Cannot find module$/);
  });

  it.each([
    ['an error outside a test', { testResults: [file('passed', 'passed')] }, 1],
    ['a run without tests', { testResults: [] }, 0],
    ['a runner that wrote no report', undefined, 139],
  ])('count %s as a failure', (_, report, code) => {
    expect(countVitest(report, code).failed).toBe(1);
  });
});

describe('the numbers of a node:test run', () => {
  const report = (pass, fail, cancelled, skipped, todo) =>
    `ok 1 - a\n  # pass 9\n# pass ${pass}\n# fail ${fail}\n# cancelled ${cancelled}\n# skipped ${skipped}\n# todo ${todo}\n`;

  it('are those of its last summary', () => {
    expect(numbers(countTap(report(5, 1, 2, 3, 4), 1))).toEqual([5, 3, 7]);
  });

  it.each([
    ['no report', '', 1],
    ['no tests', report(0, 0, 0, 0, 0), 0],
    ['a failed run of passed tests', report(3, 0, 0, 0, 0), 1],
  ])('count %s as a failure', (_, text, code) => {
    expect(countTap(text, code).failed).toBe(1);
  });
});

describe('the numbers of a conformance run', () => {
  const row = (act, usage, reason) => ({
    client: 'openai',
    module: 'esm',
    line: '3.x',
    act,
    usage,
    pass: reason === undefined,
    reason,
  });

  it('are those of its cells, with a note for each usage that failed', () => {
    const rows = [
      row('none', 'create'),
      row('none', 'stream', 'it hung'),
      row('deny', 'create'),
      row('deny', 'stream'),
    ];
    const { notes, ...counts } = countRows(rows, 1);
    expect(numbers(counts)).toEqual([1, 1, 0]);
    expect(notes).toEqual(['failed: openai as esm, none, OpenTelemetry 3.x: stream: it hung']);
  });

  it.each([
    ['no report', [], 1],
    ['no cells', [], 0],
    ['a failed run of passed cells', [row('none', 'create')], 1],
  ])('count %s as a failure', (_, rows, code) => {
    expect(countRows(rows, code).failed).toBe(1);
  });
});

describe('the closing line', () => {
  it('stands alone and adds up all stages', () => {
    const tally = new Tally();
    tally.add('types', { passed: 1, failed: 0, skipped: 0 }, 2);
    tally.add('unit', { passed: 40, failed: 2, skipped: 3 }, 9.5, ['failed: x']);
    expect(tally.toString().split('\n').at(-1)).toBe('41 passed, 2 failed, 3 skipped');
    expect(tally.toString()).toContain('\n  failed: x\n');
  });
});
