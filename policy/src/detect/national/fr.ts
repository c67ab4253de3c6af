import { codeAt } from '../boundary.js';
import type { EntityDetector } from '../types.js';

/** Digits that may stand before the first space, as a set of bits. */
const SPACED = [1, 3, 5, 7, 10, 13, 15].reduce((set, digits) => set | (1 << digits), 0);
const NIR = /[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}/y;

/** True when the last two digits are 97 less the rest of the first thirteen; `2A` counts as 19 and `2B` as 18. */
function keyFits(units: Uint16Array, start: number, end: number): boolean {
  let [number, key] = [0, 0];
  let read = 0;
  for (let at = start; at < end; at++) {
    const code = units[at]!;
    if (code === 32) continue;
    if (read >= 13) key = key * 10 + code - 48;
    else number = code > 57 ? (number - 1) * 10 + (code === 65 ? 9 : 8) : number * 10 + code - 48;
    read++;
  }
  return 97 - (number % 97) === key;
}

/** Social security numbers (NIR, INSEE): sex, year, month, department with 2A and 2B, key modulo 97. */
export const frNir: EntityDetector = {
  entity: 'fr_nir',
  about: 'French social security number (NIR): month, department, key modulo 97',
  trigger: 'number',
  pattern: NIR.source,
  score: 1,
  maxLength: 21,
  locate: (subject, emit) => {
    const { text, units, groupStart, groupEnd, clusters, tokens } = subject;
    const look = (start: number): void => {
      const first = codeAt(units, start);
      if ((first !== 49 && first !== 50) || !subject.opens(start)) return;
      NIR.lastIndex = start;
      if (!NIR.test(text) || !subject.closes(NIR.lastIndex)) return;
      if (keyFits(units, start, NIR.lastIndex)) emit(start, NIR.lastIndex, 1);
    };
    for (let group = 0; group < clusters[clusters.length - 1]!; group++)
      if ((SPACED & (1 << (groupEnd[group]! - groupStart[group]!))) !== 0) look(groupStart[group]!);
    for (let index = 0; index < tokens.length; index += 2) look(tokens[index]!);
  },
  positives: ['1 85 05 78 006 084 91', '185057800608491', 'NIR 2 55 08 14 168 025 38'],
  negatives: ['1 85 05 78 006 084 90', '3 85 05 78 006 084 91', '185057800608492'],
};
