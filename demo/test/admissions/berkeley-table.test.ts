import { describe, expect, it } from 'vitest';
import { applications, BERKELEY_1973, DEPARTMENTS } from '../../src/admissions/berkeley-table.js';

// The published table once more, typed in from the paper's layout: department, men admitted, men rejected, women admitted, women rejected.
const PUBLISHED = `
  A 512 313  89  19
  B 353 207  17   8
  C 120 205 202 391
  D 138 279 131 244
  E  53 138  94 299
  F  22 351  24 317`;
const rows = PUBLISHED.trim()
  .split('\n')
  .map((line) => line.trim().split(/ +/))
  .map(([department, ...numbers]) => ({ department: department!, numbers: numbers.map(Number) }));
const column = (index: number): number => rows.reduce((sum, { numbers }) => sum + numbers[index]!, 0);

describe('Berkeley table of 1973', () => {
  it('is the published one', () => {
    expect(
      DEPARTMENTS.map((department) => ({
        department,
        numbers: [...BERKELEY_1973[department].men, ...BERKELEY_1973[department].women],
      })),
    ).toEqual(rows);
  });

  it('holds 4,526 applications, 1,755 of them admitted; 1,198 of 2,691 men and 557 of 1,835 women', () => {
    const all = applications(1);
    expect(all).toHaveLength(4526);
    expect(column(0) + column(1) + column(2) + column(3)).toBe(4526);
    expect(all.filter(({ admitted }) => admitted)).toHaveLength(1755);
    expect(column(0) + column(2)).toBe(1755);
    const men = all.filter(({ sex }) => sex === 'male');
    const women = all.filter(({ sex }) => sex === 'female');
    expect([men.length, men.filter(({ admitted }) => admitted).length]).toEqual([2691, 1198]);
    expect([women.length, women.filter(({ admitted }) => admitted).length]).toEqual([1835, 557]);
  });

  it.each(rows.map(({ department, numbers }) => [department, numbers] as const))(
    'expands department %s into its cells',
    (department, numbers) => {
      const count = (sex: string, admitted: boolean): number =>
        applications(7).filter((a) => a.department === department && a.sex === sex && a.admitted === admitted).length;
      expect([count('male', true), count('male', false), count('female', true), count('female', false)]).toEqual(
        numbers,
      );
    },
  );

  it('comes in the same order for the same seed, and in another for another', () => {
    expect(applications(1973)).toEqual(applications(1973));
    expect(applications(1974)).not.toEqual(applications(1973));
    // Not department after department: the first hundred hold each of them.
    expect(
      new Set(
        applications(1973)
          .slice(0, 100)
          .map(({ department }) => department),
      ).size,
    ).toBe(6);
  });

  it('gives most women and few men the feature that goes along with sex', () => {
    const all = applications(1973);
    const share = (sex: string): number => {
      const members = all.filter((application) => application.sex === sex);
      return members.filter(({ society }) => society === 1).length / members.length;
    };
    expect(share('female')).toBeGreaterThan(0.85);
    expect(share('male')).toBeLessThan(0.05);
  });
});
