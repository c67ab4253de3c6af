import { codeAt, isWordCode } from './boundary.js';
import type { EntityDetector } from './types.js';

const MAC = /[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})/y;

/** Hardware addresses of six bytes with colons or dashes (IEEE 802, EUI-48). */
export const mac: EntityDetector = {
  entity: 'mac_address',
  about: 'hardware address of six bytes (EUI-48)',
  trigger: 'colon',
  pattern: MAC.source,
  score: 0.9,
  maxLength: 17,
  locate: (subject, emit) => {
    const { text, colons, joins } = subject;
    for (const list of [colons, joins]) {
      let floor = 0;
      for (const at of list) {
        const start = at - 2;
        if (start < floor || isWordCode(codeAt(text, start - 1))) continue;
        const before = codeAt(text, start - 1);
        if (before === 58 || before === 45) continue;
        MAC.lastIndex = start;
        if (!MAC.test(text)) continue;
        const end = MAC.lastIndex;
        const after = codeAt(text, end);
        if (isWordCode(after) || after === 58 || after === 45) continue;
        emit(start, end, 0.9);
        floor = end;
      }
    }
  },
  positives: ['mac 00:1A:2B:3C:4D:5E', '00-1a-2b-3c-4d-5e'],
  negatives: ['00:1A:2B:3C:4D', '00:1A:2B:3C:4D:5E:6F', '10:20:30', '00:1A-2B:3C:4D:5E'],
};
