import { expect, it } from 'vitest';
import { re2Sets } from '../../src/detect/re2-sets.js';
import type { Re2SetClass } from '../../src/detect/re2-sets.js';

const bytes = new TextEncoder().encode('ab');

it('offers bytes where the engine reads them', () => {
  const read = (value: string | Uint8Array): string =>
    typeof value === 'string' ? value : String.fromCharCode(...value);
  class Set {
    constructor(private readonly patterns: readonly string[]) {}
    test = (value: string | Uint8Array): boolean => this.patterns.some((pattern) => read(value).includes(pattern));
  }
  const set = re2Sets(Set)(['b']);
  expect([set.test('ab'), set.testAscii?.(bytes), set.testAscii?.(bytes.subarray(0, 1))]).toEqual([true, true, false]);
});

it.each<[string, Re2SetClass]>([
  [
    'as a list of numbers',
    class {
      test = (value: string | Uint8Array): boolean => String(value).includes('b');
    },
  ],
  [
    'as anything',
    class {
      test = (): boolean => true;
    },
  ],
  [
    'not at all',
    class {
      test = (value: string | Uint8Array): boolean => {
        if (typeof value !== 'string') throw new TypeError('a text is expected');
        return value.includes('b');
      };
    },
  ],
])('offers texts alone where the engine reads bytes %s', (_how, Set) => {
  const set = re2Sets(Set)(['b']);
  expect(set.testAscii).toBeUndefined();
  expect(set.test('ab')).toBe(true);
});
