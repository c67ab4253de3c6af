import { readFileSync } from 'node:fs';
import { readMapping, readTable, replay } from '@guardspan/evaluator';
import { loadGuardrails } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { applications } from '../../src/admissions/berkeley-table.js';

const read = (name: string): string =>
  readFileSync(new URL(`../../../docs/examples/berkeley/${name}`, import.meta.url), 'utf8');
const { guardrails } = loadGuardrails(read('admissions.yaml'), { file: 'admissions.yaml' });
const mapping = readMapping(read('calls.mapping'), 'calls.mapping');

/** The table as a file; `women` says which share of women that a department admitted it admits. */
function table(women: number): string {
  const seen = new Map<string, number>();
  const rows = applications(1).map(({ department, sex, admitted }) => {
    const count = (seen.get(department) ?? 0) + (sex === 'female' && admitted ? 1 : 0);
    seen.set(department, count);
    const kept = sex === 'male' || Math.floor(count * women) > Math.floor((count - 1) * women);
    return `${department},${sex},${admitted && kept ? 'admit' : 'reject'}`;
  });
  return ['department,sex,decision', ...rows].join('\n');
}

describe('the Berkeley admissions of 1973', () => {
  const honest = replay(guardrails, readTable(table(1), 'admissions.csv', mapping).calls, null);
  const of = (name: string, result = honest) => result.guardrails.find((one) => one.name === name)!;

  it('break the four-fifths threshold over all departments together', () => {
    expect(of('admissions-in-total').series[0]!.state).toBe('firing');
    const { women, men } = of('admissions-in-total').series[0]!.signals;
    expect(women!.value / men!.value).toBeLessThan(0.8);
  });

  it('do not break four fifths within departments, and the explanation shows why: in no department women are below it', () => {
    const report = of('admissions-in-each-department').evidence[0]!;
    expect(honest.timeline.filter(({ guardrail }) => guardrail === report.guardrail)).toEqual([]);
    expect(report.state).toBe('ok');
    expect(report.evidence.highest).toBeLessThan(report.evidence.threshold);
    expect(report.summary).toMatch(/^Not shown to be broken/);
    const departments = [...new Set(report.groups.map(({ stratum }) => stratum))];
    expect(departments).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
    for (const department of departments) {
      const rate = (sex: string): number =>
        report.groups.find(({ stratum, group }) => stratum === department && group === sex)!.rate;
      expect(rate('female') / rate('male')).toBeGreaterThan(0.8);
    }
  });

  it('would break it if departments admitted 40 % of the women that they admitted', () => {
    const biased = replay(guardrails, readTable(table(0.4), 'admissions.csv', mapping).calls, null);
    const report = of('admissions-in-each-department', biased).evidence[0]!;
    expect(report.evidence.highest).toBeGreaterThanOrEqual(report.evidence.threshold);
    expect(biased.timeline.some(({ guardrail, to }) => guardrail === report.guardrail && to === 'firing')).toBe(true);
  });
});
