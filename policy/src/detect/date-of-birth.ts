import { anyCase } from './any-case.js';
import { codeAt, isDigitCode, isLetterCode, isWordCode } from './boundary.js';
import { ContextWords } from './context-words.js';
import { isMonth, MONTH_BEGINS } from './months.js';
import type { Subject } from './subject.js';
import type { Emit, EntityDetector, Match } from './types.js';

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
  'nascimento',
  'nascido',
  'nascida',
  'geboortedatum',
  'urodzony',
  'urodzona',
  'urodzenia',
];
const WORDS = new ContextWords(CONTEXT);
const SCORE = 0.85;
const FIRST_YEAR = 1900;
const LAST_YEAR = 2100;

/** The three numbers of a date that is looked at. */
const parts = new Uint16Array(3);

/** True when year, and day and month in either order, can be a date. */
function isDate(year: number, one: number, other: number): boolean {
  if (year < FIRST_YEAR || year > LAST_YEAR || one < 1 || other < 1) return false;
  return Math.max(one, other) <= 31 && Math.min(one, other) <= 12;
}

/** The date that a match in numbers holds. */
function holdsDate({ subject, start, end, number }: Match): boolean {
  if (end - start === 8 && [1, 2, 4].every((at) => isDigitCode(codeAt(subject.units, start + at))))
    return isDate(Math.floor(number / 10_000), Math.floor(number / 100) % 100, number % 100);
  let part = 0;
  parts.fill(0);
  for (let at = start; at < end; at++) {
    const digit = subject.units[at]! - 48;
    if (digit < 0) part++;
    else parts[part] = parts[part]! * 10 + digit;
  }
  const iso = parts[0]! > 31;
  const year = parts[iso ? 0 : 2]!;
  // Two digits of a year: of the last century or of this one.
  return isDate(year < 100 ? year + FIRST_YEAR : year, parts[iso ? 1 : 0]!, parts[iso ? 2 : 1]!);
}

/** Longest of what stands between day, month and year: `th of `. */
const MAX_BETWEEN = 6;
const MAX_MONTH = 12;
const MIN_MONTH = 3;
const E = 101;
const L = 108;
const BETWEEN = /^(?:st|nd|rd|th|er|\.|\u00ba|\u00b0)?[ \u00a0./-]{0,2}(?:(?:of|de|del|di) )?$/i;
const BEFORE_YEAR = /^[.,]?(?:st|nd|rd|th)?,?[ \u00a0./-]{0,2}(?:(?:de|del) )?$/i;
/** {@link BEFORE_YEAR} in the pattern. */
const TO_YEAR = anyCase('[.,]?(?:st|nd|rd|th)?,?[ \u00a0./\\-]{0,2}(?:del? )?');
/** {@link BETWEEN} in the pattern. */
const TO_MONTH = anyCase('(?:st|nd|rd|th|er|[.\u00ba\u00b0])?[ \u00a0./\\-]{0,2}(?:(?:of|del?|di) )?');
/** A superset of the names of months. */
const MONTH_NAME = `(?:${MONTH_BEGINS})[A-Za-z\u00c0-\u024f]{0,9}`;

function isNamed(code: number): boolean {
  return isLetterCode(code) || (code >= 0xc0 && code <= 0x24f);
}

/** Where the digits that end before a place begin; the place itself when there are none, or more than two. */
function dayBefore(units: Uint16Array, end: number): number {
  let start = end;
  while (end - start < 3 && isDigitCode(codeAt(units, start - 1))) start--;
  return end - start > 2 || isWordCode(codeAt(units, start - 1)) ? end : start;
}

/** The last letter or digit before a place, within what may stand between two parts of a date; its end. */
function partBefore(units: Uint16Array, end: number, wanted: (code: number) => boolean): number {
  let at = end;
  while (end - at <= MAX_BETWEEN && !wanted(codeAt(units, at - 1))) at--;
  return end - at > MAX_BETWEEN ? -1 : at;
}

/** Start of the date with the name of a month whose year begins at a place; -1 when there is none. */
function dateBefore({ text, units }: Subject, year: number): number {
  // `March 12, 1984`
  let day = partBefore(units, year, isDigitCode);
  let start = day === -1 ? -1 : dayBefore(units, day);
  if (day !== -1 && start < day && BEFORE_YEAR.test(text.slice(day, year))) {
    const end = partBefore(units, start, isNamed);
    const month = end === -1 ? -1 : monthBefore(text, units, end);
    if (month !== -1 && /^[. ]{1,2}$/.test(text.slice(end, start)) && isDay(text, start, day)) return month;
  }
  // `12 March 1984`; the word before the year may be `de`.
  const end = partBefore(units, year - lengthOfDe(text, units, year), isNamed);
  const month = end === -1 ? -1 : monthBefore(text, units, end);
  if (month === -1 || !BEFORE_YEAR.test(text.slice(end, year))) return -1;
  day = partBefore(units, month, isDigitCode);
  start = day === -1 ? -1 : dayBefore(units, day);
  return start !== -1 && start < day && BETWEEN.test(text.slice(day, month)) && isDay(text, start, day) ? start : -1;
}

/** Length of ` de ` or ` del ` right before a place. Of what stands there seldom, one letter says so. */
function lengthOfDe(text: string, units: Uint16Array, year: number): number {
  const last = codeAt(units, year - 2);
  if (last !== E && last !== L) return 0;
  return /(?:^|[ \u00a0])(?:de|del) $/.exec(text.slice(Math.max(0, year - 5), year))?.[0].length ?? 0;
}

function isDay(text: string, start: number, end: number): boolean {
  const day = Number(text.slice(start, end));
  return day >= 1 && day <= 31;
}

/** Start of the name of a month that ends at a place; -1 when there is none. */
function monthBefore(text: string, units: Uint16Array, end: number): number {
  let start = end;
  while (end - start < MAX_MONTH && isNamed(codeAt(units, start - 1))) start--;
  return end - start >= MIN_MONTH && isMonth(text.slice(start, end)) && !isWordCode(codeAt(units, start - 1))
    ? start
    : -1;
}

/** Dates with the name of a month, from their years. */
function locate(subject: Subject, emit: Emit): void {
  const { text, years } = subject;
  for (const year of years) {
    if (!subject.closes(year + 4)) continue;
    const value = Number(text.slice(year, year + 4));
    if (value < FIRST_YEAR || value > LAST_YEAR) continue;
    const start = dateBefore(subject, year);
    if (start !== -1 && WORDS.before(subject.near(start)) !== Infinity) emit(start, year + 4, SCORE);
  }
}

/** Dates behind a word for birth; a date alone is none. Day, month and year as in ISO 8601, Europe and America, the month as a number or by its name. */
export const dateOfBirth: EntityDetector = {
  entity: 'date_of_birth',
  about: 'date behind a word for birth, in numbers or with the name of the month',
  trigger: 'number',
  layouts: [[4, 2, 2], [4, 1, 2], [4, 2, 1], [4, 1, 1], [2, 2, 4], [1, 2, 4], [2, 1, 4], [1, 1, 4], [2, 2, 2], [8]],
  separators: '-./',
  pattern: `\\d{4}[\\-./]\\d{1,2}[\\-./]\\d{1,2}|\\d{1,2}[\\-./]\\d{1,2}[\\-./](?:\\d{4}|\\d{2})|\\d{8}|\\d{1,2}${TO_MONTH}${MONTH_NAME}${TO_YEAR}\\d{4}|${MONTH_NAME}[. ]{1,2}\\d{1,2}${TO_YEAR}\\d{4}`,
  score: SCORE,
  maxLength: 32,
  context: CONTEXT,
  // What is no date needs no look at the words before it.
  validate: (match) => (holdsDate(match) && match.inContext ? undefined : false),
  locate,
  positives: [
    'born 1980-02-29',
    'DOB: 02/29/1980',
    'geboren am 1.2.1980',
    'née le 01/02/1980',
    'born on 12 March 1984 in Leeds',
    'born March 12, 1984',
    'DOB: Mar 12 1984',
    'date of birth: 12-Mar-1984',
    'born on the 3rd of May, 1990',
    'geboren am 12. März 1984',
    'née le 1er août 1975',
    'nacido el 5 de mayo de 1991',
    'nata il 7 giugno 1968',
    'geboortedatum 9 mei 2001',
    'urodzona 12 października 1979',
    'DOB: 02/29/80',
    'dob=19800229',
    'birthdate 1980-2-9',
  ],
  negatives: [
    '1980-02-29',
    'born in 1980',
    'DOB 45/45/1980',
    'born 2980-01-01',
    '12 March 1984',
    'born in March 1984',
    'born 12 Marble 1984',
    'born on 45 March 1984',
    'born March 12, 2984',
    'dob=19801329',
    'born at the meeting of 12 people in 1984',
  ],
};
