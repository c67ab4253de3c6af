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
    expect(made).toEqual([['a', 'b'], 'u']);
  });
  it('is none where the package is not installed or was built for another Node', () => {
    const make = nativeSets(() => {
      throw new Error('was compiled against a different Node.js version');
    });
    expect(make).toBeNull();
  });
  it('is none where the package is too old for sets', () => expect(nativeSets(() => ({}))).toBeNull());
});
