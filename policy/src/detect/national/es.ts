import { codeAt } from '../boundary.js';
import type { EntityDetector } from '../types.js';

const LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
const NIF = /(?:\d{8}-?|[XYZ]-?\d{7}-?)[A-Z]/y;
const DASH = 45;

/** Identity numbers of citizens (NIF, DNI) and foreigners (NIE): eight digits or X, Y, Z and seven, and a letter modulo 23; with dashes or without. */
export const esNif: EntityDetector = {
  entity: 'es_nif',
  about: 'Spanish identity number (DNI/NIF and NIE): letter modulo 23',
  trigger: 'token',
  pattern: NIF.source,
  score: 1,
  maxLength: 11,
  locate: (subject, emit) => {
    const { text, units, tokens, clusters, groupStart } = subject;
    const look = (start: number): void => {
      if (start < 0 || !subject.opens(start)) return;
      NIF.lastIndex = start;
      if (!NIF.test(text) || !subject.closes(NIF.lastIndex)) return;
      const compact = text.slice(start, NIF.lastIndex).replaceAll('-', '');
      const number = Number(compact.slice(0, 8).replace('X', '0').replace('Y', '1').replace('Z', '2'));
      if (LETTERS[number % 23] === compact[8]) emit(start, NIF.lastIndex, 1);
    };
    for (let index = 0; index < tokens.length; index += 2) look(tokens[index]!);
    // With a dash the digits are a number or a word of their own.
    for (let cluster = 0; cluster + 1 < clusters.length; cluster++) {
      const start = groupStart[clusters[cluster]!]!;
      if (codeAt(units, start + 8) === DASH) look(start);
      else if (codeAt(units, start + 7) === DASH && codeAt(units, start - 1) === DASH) look(start - 2);
    }
  },
  positives: ['DNI 12345678Z', 'NIE X1234567L', 'NIF: 12345678-Z', 'X-1234567-L', 'X1234567-L'],
  negatives: ['12345678A', 'X1234567A', '123456789Z', '12345678-A', '12345678-Zx', 'AX-1234567-L'],
};
