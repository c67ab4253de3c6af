import { codeAt, isWordCode } from './boundary.js';
import { ContextWords } from './context-words.js';
import type { Subject } from './subject.js';
import type { Emit, EntityDetector } from './types.js';

const MAC = /[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})/y;

/** Addresses whose first separator is one of some places. */
function locateBy({ text, units }: Subject, places: readonly number[], count: number, emit: Emit): void {
  let floor = 0;
  for (let index = 0; index < count; index++) {
    const start = places[index]! - 2;
    const before = codeAt(units, start - 1);
    if (start < floor || isWordCode(before) || before === 58 || before === 45) continue;
    MAC.lastIndex = start;
    if (!MAC.test(text)) continue;
    const end = MAC.lastIndex;
    const after = codeAt(units, end);
    if (isWordCode(after) || after === 58 || after === 45) continue;
    emit(start, end, 0.9);
    floor = end;
  }
}

const DOTTED = /[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}/y;
const DOTTED_LENGTH = 14;
const QUAD = 5;

/** `001a.2b3c.4d5e`, as routers of Cisco print them, from a group of them that holds a digit and a letter. */
function locateDotted({ text, units, quads }: Subject, emit: Emit): void {
  let floor = 0;
  for (const quad of quads) {
    // The group may be the first of the three, or the second behind one without digits or letters.
    for (let start = Math.max(floor, quad - QUAD); start <= quad; start += QUAD) {
      DOTTED.lastIndex = start;
      const end = start + DOTTED_LENGTH;
      if (!DOTTED.test(text) || isPart(codeAt(units, start - 1)) || isPart(codeAt(units, end), codeAt(units, end + 1)))
        continue;
      emit(start, end, 0.85);
      floor = end;
      break;
    }
  }
}

/** True for what ties an address with dots to something longer. A dot that nothing follows ends the sentence. */
function isPart(code: number, next = 48): boolean {
  return isWordCode(code) || code === 45 || (code === 46 && isWordCode(next));
}

const PLAIN = /^[0-9A-Fa-f]{12}$/;
const PLAIN_LENGTH = 12;
const WORDS = new ContextWords([
  'mac',
  'macaddr*',
  'hwaddr',
  'bssid',
  'ethernet',
  'ether',
  'mac address',
  'mac-address',
  'hardware address',
]);
const REACH = 12;

/** `001A2B3C4D5E` behind a word for it. */
function locatePlain(subject: Subject, emit: Emit): void {
  const { text, tokens } = subject;
  for (let index = 0; index < tokens.length; index += 2) {
    const start = tokens[index]!;
    const end = tokens[index + 1]!;
    if (end - start !== PLAIN_LENGTH || !PLAIN.test(text.slice(start, end))) continue;
    if (subject.opens(start) && subject.closes(end) && WORDS.before(subject.near(start), REACH) !== Infinity)
      emit(start, end, 0.8);
  }
}

/** Hardware addresses of six bytes with colons, dashes or dots (IEEE 802, EUI-48). */
export const mac: EntityDetector = {
  entity: 'mac_address',
  about: 'hardware address of six bytes (EUI-48)',
  trigger: 'colon',
  pattern: `${MAC.source}|${DOTTED.source}|[0-9A-Fa-f]{12}`,
  score: 0.9,
  maxLength: 17,
  locate: (subject, emit) => {
    locateBy(subject, subject.colons, subject.colonCount, emit);
    locateBy(subject, subject.joins, subject.joinCount, emit);
    locateDotted(subject, emit);
    locatePlain(subject, emit);
  },
  positives: [
    'mac 00:1A:2B:3C:4D:5E',
    '00-1a-2b-3c-4d-5e',
    '001a.2b3c.4d5e',
    'arp abcd.ef01.2345.',
    'mac 001A2B3C4D5E',
    '"mac":"a01a2b3c4d5e"',
  ],
  negatives: [
    '00:1A:2B:3C:4D',
    '00:1A:2B:3C:4D:5E:6F',
    '10:20:30',
    '00:1A-2B:3C:4D:5E',
    '001a.2b3c.4d5e.6f70',
    'x001a.2b3c.4d5e',
    '001a.2b3c',
    '001A2B3C4D5E',
    'mac 001A2B3C4D5E6F',
  ],
};
