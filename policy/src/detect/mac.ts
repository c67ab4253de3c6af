import { codeAt, isWordCode } from './boundary.js';
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

/** Hardware addresses of six bytes with colons or dashes (IEEE 802, EUI-48). */
export const mac: EntityDetector = {
  entity: 'mac_address',
  about: 'hardware address of six bytes (EUI-48)',
  trigger: 'colon',
  pattern: MAC.source,
  score: 0.9,
  maxLength: 17,
  locate: (subject, emit) => {
    locateBy(subject, subject.colons, subject.colonCount, emit);
    locateBy(subject, subject.joins, subject.joinCount, emit);
  },
  positives: ['mac 00:1A:2B:3C:4D:5E', '00-1a-2b-3c-4d-5e'],
  negatives: ['00:1A:2B:3C:4D', '00:1A:2B:3C:4D:5E:6F', '10:20:30', '00:1A-2B:3C:4D:5E'],
};
