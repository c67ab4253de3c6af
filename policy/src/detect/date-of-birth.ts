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

/** The three numbers of a date that is looked at. */
const parts = new Uint16Array(3);

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
    const { subject, start, end } = match;
    let part = 0;
    parts.fill(0);
    for (let at = start; at < end; at++) {
      const digit = subject.units[at]! - 48;
      if (digit < 0) part++;
      else parts[part] = parts[part]! * 10 + digit;
    }
    const iso = parts[0]! > 31;
    const year = parts[iso ? 0 : 2]!;
    const one = parts[iso ? 1 : 0]!;
    const other = parts[iso ? 2 : 1]!;
    const date = year >= 1900 && year <= 2100 && one >= 1 && other >= 1;
    if (!date || Math.max(one, other) > 31 || Math.min(one, other) > 12) return false;
    // What is no date needs no look at the words before it.
    return match.inContext ? undefined : false;
  },
  positives: ['born 1980-02-29', 'DOB: 02/29/1980', 'geboren am 1.2.1980', 'née le 01/02/1980'],
  negatives: ['1980-02-29', 'born in 1980', 'DOB 45/45/1980', 'born 2980-01-01'],
};
