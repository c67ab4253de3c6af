import type { EntityDetector } from './types.js';
import { isWord } from './boundary.js';

/** IPv4 addresses in dotted decimal form and full or compressed IPv6 addresses (RFC 4291). */
export const ip: EntityDetector = {
  entity: 'ip',
  pattern: '\\d{1,3}(?:\\.\\d{1,3}){3,15}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}',
  score: 0.7,
  maxLength: 64,
  prefilter: (text) => text.includes('.') || text.includes(':'),
  validate: (text, before, after) => {
    if (isWord(before) || isWord(after) || before === '.' || before === ':' || after === ':') return false;
    if (!text.includes(':')) {
      // More than four parts are a version or an object identifier; the pattern takes them whole, so that no four of them look like an address.
      const parts = text.split('.');
      const octets = parts.every((part) => Number(part) <= 255 && (part === '0' || !part.startsWith('0')));
      return parts.length === 4 && octets ? undefined : false;
    }
    const groups = text.split(':');
    const compressed = text.includes('::');
    if (/^\d{1,2}(:\d{2}){2}$/.test(text) || text.split('::').length > 2) return false;
    if (compressed ? groups.length > 8 || !/[0-9A-Fa-f]/.test(text) : groups.length !== 8 || groups.includes(''))
      return false;
    return undefined;
  },
  positives: ['from 10.0.0.1', '2001:db8::8a2e:370:7334', 'host 192.168.1.254,'],
  negatives: ['256.1.1.1', 'version 1.2.3', 'at 10:20:30', '1.2.3.4.5', 'a::method'],
};
