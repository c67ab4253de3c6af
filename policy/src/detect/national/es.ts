import { codeAt, isDigitCode } from '../boundary.js';
import type { EntityDetector } from '../types.js';

const LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
const DASH = 45;
const X = 88;

/** End of the number with a right letter that begins at `start`, or -1. Read in place: what the pattern says, and the letter with it. */
function endOf(units: Uint16Array, start: number): number {
  const first = codeAt(units, start);
  const foreign = first >= X && first <= X + 2;
  let at = start;
  let number = 0;
  if (foreign) {
    number = first - X;
    if (codeAt(units, ++at) === DASH) at++;
  }
  for (let left = foreign ? 7 : 8; left > 0; left--, at++) {
    const code = codeAt(units, at);
    if (!isDigitCode(code)) return -1;
    number = number * 10 + code - 48;
  }
  if (codeAt(units, at) === DASH) at++;
  return codeAt(units, at) === LETTERS.charCodeAt(number % 23) ? at + 1 : -1;
}

/** Identity numbers of citizens (NIF, DNI) and foreigners (NIE): eight digits or X, Y, Z and seven, and a letter modulo 23; with dashes or without. */
export const esNif: EntityDetector = {
  entity: 'es_nif',
  about: 'Spanish identity number (DNI/NIF and NIE): letter modulo 23',
  trigger: 'token',
  pattern: '(?:\\d{8}-?|[XYZ]-?\\d{7}-?)[A-Z]',
  score: 1,
  maxLength: 11,
  locate: (subject, emit) => {
    const { units, tokens, clusters, groupStart } = subject;
    const look = (start: number): void => {
      if (start < 0 || !subject.opens(start)) return;
      const end = endOf(units, start);
      if (end !== -1 && subject.closes(end)) emit(start, end, 1);
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
