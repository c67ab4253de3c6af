import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinearMatcher } from '../../../src/detect/pack/linear-matcher.js';
import type { Border } from '../../../src/detect/pack/linear-matcher.js';

function matches(pattern: string, text: string, border: Border = 'anywhere', maxLength = 1000): string[] {
  const found: string[] = [];
  new LinearMatcher(pattern, maxLength, border).matches(text, 0, text.length, (start, end) =>
    found.push(text.slice(start, end)),
  );
  return found;
}

/** Leftmost-longest matches by trying every stretch with the platform's engine. */
function tried(pattern: string, text: string): string[] {
  const whole = new RegExp(`^(?:${pattern})$`, 's');
  const found: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = text.length;
    while (end > start && !whole.test(text.slice(start, end))) end--;
    if (end > start) found.push(text.slice(start, end));
    start = Math.max(end, start + 1);
  }
  return found;
}

const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'b', '[ab]', '[^a]', 'ab', '\\d', 'c{2,3}'),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie('pattern'), fc.constantFrom('?', '*', '+', '{0,2}', '{10,12}')).map(([a, q]) => `(?:${a})${q}`),
  ),
}));

describe('the matcher of packs', () => {
  it('finds the leftmost-longest matches that trying every stretch finds', () => {
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' '), maxLength: 40 }), (p, text) => {
        // What matches nothing at all is refused before.
        fc.pre(!new RegExp(`^(?:${p})$`).test(''));
        expect(matches(p, text)).toEqual(tried(p, text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['never inside of a word', '[A-Z]{2}', 'xAB ABx AB', ['AB']],
    ['beside signs', '#[0-9]+', 'a#12 #34x #56', ['#12', '#56']],
    ['beside letters of other scripts', '[a-z]+', 'éab ab ñ', ['ab']],
  ])('looks for words %s', (_, pattern, text, found) => expect(matches(pattern, text, 'words')).toEqual(found));

  it('takes characters outside of the basic plane as one', () => {
    expect(matches('a.b', 'a😀b axxb')).toEqual(['a😀b']);
    expect(matches('[^x]', '😀')).toEqual(['😀']);
  });

  it('takes nothing that is longer than it may be', () => {
    expect(matches('a+b', 'aaaab', 'anywhere', 3)).toEqual(['aab']);
  });
});
