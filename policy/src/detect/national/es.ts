import type { EntityDetector } from '../types.js';

const LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Identity numbers of citizens (NIF, DNI) and foreigners (NIE): eight digits or X, Y, Z and seven, and a letter modulo 23. */
export const esNif: EntityDetector = {
  entity: 'es_nif',
  about: 'Spanish identity number (DNI/NIF and NIE): letter modulo 23',
  trigger: 'token',
  pattern: '\\d{8}[A-Z]|[XYZ]\\d{7}[A-Z]',
  score: 1,
  maxLength: 9,
  validate: ({ text }) => {
    const number = Number(text.slice(0, 8).replace('X', '0').replace('Y', '1').replace('Z', '2'));
    return LETTERS[number % 23] === text[8];
  },
  positives: ['DNI 12345678Z', 'NIE X1234567L'],
  negatives: ['12345678A', 'X1234567A', '123456789Z'],
};
