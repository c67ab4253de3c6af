import type { EntityDetector } from './types.js';

const CONTEXT = [
  'born',
  'birth',
  'birthday',
  'birthdate',
  'dob',
  'd.o.b',
  'date of birth',
  'geboren',
  'geburtsdatum',
  'geb',
  'né le',
  'née le',
  'naissance',
  'nacido',
  'nacida',
  'nacimiento',
  'nato il',
  'nata il',
  'nascita',
  'geboortedatum',
  'urodzony',
  'urodzona',
  'urodzenia',
];

/** Dates behind a word for birth; a date alone is none. Day, month and year as in ISO 8601, Europe and America. */
export const dateOfBirth: EntityDetector = {
  entity: 'date_of_birth',
  about: 'date behind a word for birth, in numbers',
  trigger: 'number',
  layouts: [
    [4, 2, 2],
    [2, 2, 4],
    [1, 2, 4],
    [2, 1, 4],
    [1, 1, 4],
  ],
  separators: '-./',
  pattern: '\\d{4}[\\-./]\\d{2}[\\-./]\\d{2}|\\d{1,2}[\\-./]\\d{1,2}[\\-./]\\d{4}',
  score: 0.85,
  maxLength: 10,
  context: CONTEXT,
  validate: (match) => {
    const { text } = match;
    if (!match.inContext) return false;
    const [a = 0, b = 0, c = 0] = text.split(/[-./]/).map(Number);
    const [year, first, second] = a > 31 ? [a, b, c] : [c, a, b];
    if (year < 1900 || year > 2100 || first < 1 || second < 1) return false;
    return Math.max(first, second) <= 31 && Math.min(first, second) <= 12 ? undefined : false;
  },
  positives: ['born 1980-02-29', 'DOB: 02/29/1980', 'geboren am 1.2.1980', 'née le 01/02/1980'],
  negatives: ['1980-02-29', 'born in 1980', 'DOB 45/45/1980', 'born 2980-01-01'],
};
