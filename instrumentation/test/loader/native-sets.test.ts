import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nativeSets } from '../../src/loader/native-sets.js';

describe('the native engine', () => {
  it('is taken from the package re2, which reads patterns as Unicode', () => {
    const made: unknown[] = [];
    class Set {
      constructor(...args: unknown[]) {
        made.push(...args);
      }
      test = (text: string): boolean => text === 'x';
    }
    const make = nativeSets((name) => (name === 're2' ? { Set } : {}));
    expect(make!(['a', 'b']).test('x')).toBe(true);
    expect(made.slice(0, 2)).toEqual([['a', 'b'], 'u']);
  });
  const folder = process.env['GUARDSPAN_RE2_DIR'];
  it.skipIf(folder === undefined)(
    'tells texts apart by all patterns at once, and refuses what takes no linear time',
    () => {
      const make = nativeSets(createRequire(join(folder!, 'package.json')))!;
      const set = make(['\\d{3}-\\d{2}', '[٠-٩]+']);
      const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
      expect(['a 123-45', '12-345', ''].map((text) => set.testAscii?.(bytes(text)))).toEqual([true, false, false]);
      expect(['a 123-45', '٣', '12-345', ''].map((text) => set.test(text))).toEqual([true, true, false, false]);
      expect(() => make(['(?=a)b'])).toThrow();
    },
  );
  it('is none where the package is not installed or was built for another Node', () => {
    const make = nativeSets(() => {
      throw new Error('was compiled against a different Node.js version');
    });
    expect(make).toBeNull();
  });
  it('is none where the package is too old for sets', () => expect(nativeSets(() => ({}))).toBeNull());
});
