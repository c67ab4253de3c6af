import { anyCase } from './any-case.js';
import { codeAt, isLetterCode, isWordCode } from './boundary.js';
import { MAX_GROUPS, PhoneReader, WHOLE } from './phone-reader.js';
import { phoneScore } from './phone-rules.js';
import { PHONE_WORDS } from './phone-words.js';
import { octet } from './octets.js';
import type { Subject } from './subject.js';
import type { EntityDetector, Emit } from './types.js';

const MIN_DIGITS = 7;
const OPEN = 40;
const CLOSE = 41;
const COMMA = 44;
const SEMICOLON = 59;
const EXTENDED = '(?:(?:,? ?(?:x|ext[.:]?|extension|durchwahl|poste|int\\.?|#) ?|;ext=)\\d{1,6})';
const EXTENSION = new RegExp(`${EXTENDED}(?!\\w)`, 'iy');

/** End of the extension that stands behind a number; `end` when there is none. */
function extended({ text, units }: Subject, end: number): number {
  let at = end;
  if (codeAt(units, at) === COMMA) at++;
  if (codeAt(units, at) === 32) at++;
  const next = codeAt(units, at);
  // Asked for every number, so the expression runs only where it has a chance.
  if (next !== 35 && next !== SEMICOLON && !isLetterCode(next)) return end;
  EXTENSION.lastIndex = end;
  return EXTENSION.test(text) ? EXTENSION.lastIndex : end;
}

/** True when a number may end at a group. */
function closes({ units, groupStart, groupEnd }: Subject, group: number, last: boolean, digits: number): boolean {
  const end = groupEnd[group]!;
  const code = codeAt(units, end);
  if (last) return !isWordCode(code) || (code | 32) === 120 || (code | 32) === 101;
  if (code === 32 || code === 0xa0) return true;
  // `415-555-0132/415-555-0133` are two; `0171/1234567` is one.
  if (code === 47 && digits >= WHOLE) return true;
  return groupStart[group + 1]! - end > 1 && (code === 47 || code === 41 || code === 46);
}

/** Telephone numbers as people in many countries write them, national and international (ITU-T E.164), with extension. */
function locate(subject: Subject, emit: Emit): void {
  const { clusters } = subject;
  if (clusters.length < 2) return;
  let next = 0;
  const reader = new PhoneReader(subject);
  for (let cluster = 0; cluster + 1 < clusters.length; cluster++)
    next = locateIn(reader, clusters[cluster]!, clusters[cluster + 1]!, next, emit);
}

/** Those of one cluster. @param next Index of the number in `sure` to begin with. @returns the one to begin the next cluster with. */
function locateIn(reader: PhoneReader, from: number, to: number, next: number, emit: Emit): number {
  const { subject } = reader;
  const { sure } = subject;
  for (let first = from; first < to; first++) {
    next = sureFrom(sure, next, first);
    // What is something else for certain would only lose against it.
    if (next < sure.length && sure[next]! <= first) first = sure[next + 1]!;
    else if (isAddress(subject, first, to)) first += ADDRESS_GROUPS - 1;
    else if (reader.begin(first, first === from)) first = longest(subject, reader, to, emit);
  }
  return next;
}

/** Index of the first number in `sure`, from one on, that does not end before a group. */
function sureFrom(sure: readonly number[], from: number, group: number): number {
  let next = from;
  while (next < sure.length && sure[next + 1]! < group) next += 2;
  return next;
}

const ADDRESS_GROUPS = 4;
const DOT = 46;
const PLUS = 43;

/** True when the groups from one on are an address or a version: four octets with dots, and none before or behind them. */
function isAddress({ units, groupStart, groupEnd }: Subject, first: number, to: number): boolean {
  const last = first + ADDRESS_GROUPS - 1;
  if (last >= to || units[groupEnd[first]!] !== DOT) return false;
  const before = codeAt(units, groupStart[first]! - 1);
  if (before === DOT || before === PLUS) return false;
  if (last + 1 < to && groupStart[last + 1]! - groupEnd[last]! === 1 && units[groupEnd[last]!] === DOT) return false;
  for (let group = first; group <= last; group++) {
    const end = groupEnd[group]!;
    if (!octet(units, groupStart[group]!, end)) return false;
    if (group < last && (units[end] !== DOT || groupStart[group + 1]! - end !== 1)) return false;
  }
  return true;
}

/** True when a parenthesis that was opened behind the first group is not closed at the end of the last one: `+1 467 391 0344 (24/7)`. */
function isInOpened({ units, groupStart, groupEnd }: Subject, first: number, last: number): boolean {
  for (let group = last; group > first; group--) {
    if (units[groupStart[group]! - 1] === OPEN) return group === last ? units[groupEnd[last]!] !== CLOSE : true;
    if (units[groupEnd[group - 1]!] === CLOSE) return false;
  }
  return false;
}

/** Emits the longest number that begins where the reader has begun; gives the last group that it took, or the first one when there is none. */
function longest(subject: Subject, reader: PhoneReader, to: number, emit: Emit): number {
  const { groupStart, groupEnd } = subject;
  const { first } = reader;
  const least = reader.least(to);
  if (least - first >= MAX_GROUPS || least === to) return first;
  reader.extend(to);
  for (let last = reader.limit - 1; last >= least; last--) {
    if (reader.rawDigits(last) < MIN_DIGITS) break;
    // `2592000 (30 days)`: the parenthesis is the sentence's.
    if (last > first && isInOpened(subject, first, last)) continue;
    if (!closes(subject, last, last + 1 === to, reader.rawDigits(last))) continue;
    reader.take(last);
    const score = phoneScore(reader);
    if (score === 0) continue;
    const end = extended(subject, groupEnd[last]!);
    // Parentheses around the whole number are the sentence's.
    emit(reader.open && last === first ? reader.start + 1 : reader.start, end, score);
    // An extension is a group of its own when it stands after a space.
    while (last + 1 < to && groupStart[last + 1]! < end) last++;
    return last;
  }
  return first;
}

export const phone: EntityDetector = {
  entity: 'phone',
  about: 'telephone number, national or international (E.164), with extension; bare digits by context words',
  trigger: 'number',
  pattern: `\\(?\\+?\\(?\\d(?:[ \\-.()/+\u00a0\u202f\u2010-\u2013]{0,4}\\d){6,30}${anyCase(EXTENDED)}?`,
  score: 0.6,
  maxLength: 80,
  context: PHONE_WORDS,
  locate,
  positives: [
    'call +1 415 555 0132',
    '+442079460958',
    '(415) 555-0132',
    'Ann (4155550132, home)',
    '020 7946 0958',
    '001-202-555-0143x1234',
    '202.555.0143',
    '(02) 5550 1234',
    'phone 2025550143',
    '+49 (0)30 901820',
    '+1-202-555-0143 ext. 12',
    '415-555-0132, ext. 14',
    'tel:+1-201-555-0123;ext=12',
    '(351) 912 345 678',
    '8 912 345 67 89',
    '021 555 1234',
    '55 1234 5678',
    '13812345678',
    '011 15-5555-1234',
    'phone (0034) 811505',
    'Fax: 0086-97 09 21',
    'Tel.0171 2345678',
    'Tel.+1 (713) 727-4679',
    'Tel+12025550143',
    'TEL1-416-555-0132',
    'phone_2025550143',
    'fax202-555-0143',
  ],
  negatives: [
    '2026-11-23 10:00',
    '192.168.100.100',
    '4111 1111 1111 1111',
    'order 12345',
    '3.14159',
    'order 2025550143',
    'hotel2025550143',
    'no.2025550143',
    '05.11.2023 10',
    '978-3-16-148410-0',
    '123e4567-e89b-12d3-a456-426614174000',
    '000-12-3456',
    '078-05-1120',
    '012 00 3456',
    'between 3600 (1 hour) and 2592000 (30 days)',
    'Boston, MA 02110-1301',
    '8b 28 3f 01 00 00 00 50 32',
    'ISBN-10: 0-04-761849-3',
    '[0.043531966, 1.5]',
    'reach 172.22.53.16',
    'Kto-Nr 2274409044',
    'RMA 7611842897',
    '0467 1990-02-27',
    'call 00 2026-11-23',
    '776 73 0021 1999-10-10',
  ],
};
