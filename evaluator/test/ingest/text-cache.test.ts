import { describe, expect, it } from 'vitest';
import { TextCache } from '../../src/ingest/wire/text-cache.js';
import { seededRandom } from '../../../demo/src/seeded-random.js';

describe('the cache of texts', () => {
  it('reads what Buffer reads, whatever was read before', () => {
    const random = seededRandom(7);
    const cache = new TextCache();
    const alphabets = ['ab', 'tenant-0123456789', 'aé😀\u0000'];
    for (let run = 0; run < 20_000; run++) {
      const alphabet = [...alphabets[run % alphabets.length]!];
      const text = Array.from(
        { length: Math.floor(random() * 50) },
        () => alphabet[Math.floor(random() * alphabet.length)],
      );
      const bytes = Buffer.from(`<${text.join('')}>`);
      // Some end in the middle of a character.
      const to = bytes.length - (run % 4);
      if (to >= 1) expect(cache.read(bytes, 1, to)).toBe(bytes.toString('utf8', 1, to));
    }
  });

  it('tells texts with one place apart', () => {
    const cache = new TextCache();
    // More texts than places: by the pigeonhole principle some share one.
    const texts = Array.from({ length: 5000 }, (_, index) => Buffer.from(`tenant-${index}`));
    for (let round = 0; round < 2; round++) {
      for (const [index, bytes] of texts.entries()) expect(cache.read(bytes, 0, bytes.length)).toBe(`tenant-${index}`);
    }
  });
});
