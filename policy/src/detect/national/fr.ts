import { codeAt } from '../boundary.js';
import type { EntityDetector } from '../types.js';

const NIR = /[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}/y;

/** Social security numbers (NIR, INSEE): sex, year, month, department with 2A and 2B, key modulo 97. */
export const frNir: EntityDetector = {
  entity: 'fr_nir',
  about: 'French social security number (NIR): month, department, key modulo 97',
  trigger: 'number',
  pattern: NIR.source,
  score: 1,
  maxLength: 21,
  locate: (subject, emit) => {
    const { text, groupStart, clusters, tokens } = subject;
    const look = (start: number): void => {
      const first = codeAt(text, start);
      if ((first !== 49 && first !== 50) || !subject.opens(start)) return;
      NIR.lastIndex = start;
      if (!NIR.test(text) || !subject.closes(NIR.lastIndex)) return;
      const compact = text.slice(start, NIR.lastIndex).replaceAll(' ', '');
      const number = compact.slice(0, 13).replace('2A', '19').replace('2B', '18');
      if (97 - (Number(number) % 97) === Number(compact.slice(13))) emit(start, NIR.lastIndex, 1);
    };
    for (let group = 0; group < clusters[clusters.length - 1]!; group++) look(groupStart[group]!);
    for (let index = 0; index < tokens.length; index += 2) look(tokens[index]!);
  },
  positives: ['1 85 05 78 006 084 91', '185057800608491', 'NIR 2 55 08 14 168 025 38'],
  negatives: ['1 85 05 78 006 084 90', '3 85 05 78 006 084 91', '185057800608492'],
};
