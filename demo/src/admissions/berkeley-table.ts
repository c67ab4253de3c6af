import { seededRandom, shuffle } from '../seeded-random.js';

/** One of the six largest departments. */
export type Department = 'A' | 'B' | 'C' | 'D' | 'E' | 'F';
export const DEPARTMENTS: readonly Department[] = ['A', 'B', 'C', 'D', 'E', 'F'];

/** Admitted and rejected, by department and sex. */
interface Cell {
  men: readonly [admitted: number, rejected: number];
  women: readonly [admitted: number, rejected: number];
}

/**
 * Graduate admissions at the University of California, Berkeley, autumn 1973, six largest departments: Bickel, Hammel and O'Connell, "Sex bias in
 * graduate admissions: data from Berkeley", Science 187 (1975), 398-404; the table as published with Freedman, Pisani and Purves, Statistics.
 */
export const BERKELEY_1973: Readonly<Record<Department, Cell>> = {
  A: { men: [512, 313], women: [89, 19] },
  B: { men: [353, 207], women: [17, 8] },
  C: { men: [120, 205], women: [202, 391] },
  D: { men: [138, 279], women: [131, 244] },
  E: { men: [53, 138], women: [94, 299] },
  F: { men: [22, 351], women: [24, 317] },
};

/** One application of the table, with its historical decision. */
export interface Application {
  department: Department;
  sex: 'male' | 'female';
  admitted: boolean;
  /**
   * A made-up feature that goes along with sex and that no honest model needs (say, membership in a women's society): 1 for nine women in ten and one man
   * in fifty. The biased model uses it.
   */
  society: 0 | 1;
}

/** The table as its 4,526 single decisions, in an order fixed by the seed. */
export function applications(seed: number): Application[] {
  const random = seededRandom(seed);
  const all: Application[] = [];
  for (const department of DEPARTMENTS) {
    const cell = BERKELEY_1973[department];
    for (const [sex, counts] of [
      ['male', cell.men],
      ['female', cell.women],
    ] as const) {
      for (const admitted of [true, false]) {
        for (let index = 0; index < counts[admitted ? 0 : 1]; index++) {
          all.push({ department, sex, admitted, society: random() < (sex === 'female' ? 0.9 : 0.02) ? 1 : 0 });
        }
      }
    }
  }
  return shuffle(all, random);
}
