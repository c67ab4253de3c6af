import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { DETECTOR_PACKS } from '../../../src/detect/packs.js';
import { Liveness } from '../../../src/detect/stream/liveness.js';

const PATTERNS = [
  ...new Set(Object.values(DETECTOR_PACKS).flatMap((pack) => pack.map(({ pattern }) => pattern))),
  'a',
  'ab*?c',
  '(?i)(?:pass|pin)[ :=]{1,3}[^\\s"]{4,12}',
  '-----BEGIN [A-Z ]{1,20}-----[\\s\\S]{1,400}?-----END',
  '(a|b)+c{2,3}|x\\b.y',
  '[^a-c]{2}\\x41\\u?'.replace('\\u?', '[[:digit:]]'),
  '\\Q1.5\\E[\\-+.]?',
  '.é[à-ü]{0,2}',
];
const TEXT = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a',
        'b',
        'c',
        'x',
        'y',
        ' ',
        '\n',
        '-',
        '.',
        '1',
        '23',
        '4567',
        '@',
        '+',
        'é',
        'ü',
        '😀',
        'A7',
        '1.5',
      ),
      fc.constantFrom(
        'jane@example.com',
        '4111 1111 1111 1111',
        'DE89 3704 0044 0532 0130 00',
        '-----BEGIN X-----',
        '-----END',
        'PIN: 12345',
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 14 },
  )
  .map((pieces) => pieces.join(''));

/** For each code unit, the state after it. */
function states(liveness: Liveness, text: string): { alive: boolean; accepts: boolean }[] {
  let state = liveness.initial;
  return [...Array(text.length).keys()].map((index) => (state = liveness.step(state, text.charCodeAt(index))));
}

/** Longest match that starts at an index, by trying each end. */
function* matchesOf(pattern: RE2JS, text: string): Generator<[number, number]> {
  for (let start = 0; start < text.length; start++) {
    // A match must not see what lies after its end, except through assertions, which the automaton leaves out.
    const matcher = pattern.matcher(text);
    if (matcher.find(start)) yield [matcher.start(), matcher.end()];
  }
}

describe('liveness of patterns over a text that arrives', () => {
  const single = PATTERNS.map((pattern) => ({
    pattern,
    compiled: RE2JS.compile(pattern),
    liveness: new Liveness([{ pattern, maxLength: 64 }]),
  }));
  const union = new Liveness(PATTERNS.map((pattern) => ({ pattern, maxLength: 64 })));

  it('is alive inside each match and accepts at its end', () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const all = states(union, text);
        for (const { pattern, compiled, liveness } of single) {
          const own = states(liveness, text);
          for (const [start, end] of matchesOf(compiled, text)) {
            for (let index = start; index < end - 1; index++) {
              expect(own[index]!.alive, `${pattern} dead at ${index} of ${JSON.stringify(text)}`).toBe(true);
              expect(all[index]!.alive).toBe(true);
            }
            if (end > start) expect(own[end - 1]!.accepts, `${pattern} at ${end}`).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is dead between the words of plain prose, so that prose is not held back', () => {
    const text = 'The quick brown fox jumps over the lazy dog and runs away. ';
    const live = new Liveness(
      [...new Set(Object.values(DETECTOR_PACKS).flat())].map((detector) => ({ ...detector, plain: true as const })),
    );
    const dead = states(live, text).filter(({ alive }) => !alive).length;
    expect(dead).toBeGreaterThanOrEqual(11);
  });

  it('takes digits of other scripts and wide forms for what they stand for, where it is asked to', () => {
    const pattern = '[0-9]{2}@ [a-c]x';
    const plain = new Liveness([{ pattern, maxLength: 6, plain: true }]);
    const exact = new Liveness([{ pattern, maxLength: 6 }]);
    expect(states(plain, '٣４＠　ｂｘ').map(({ alive, accepts }) => [alive, accepts])).toEqual([
      ...Array.from({ length: 5 }, () => [true, false]),
      [false, true],
    ]);
    expect(states(exact, '٣４＠　ｂｘ').some(({ alive }) => alive)).toBe(false);
  });

  it('says how long the matches of the patterns that are alive may become', () => {
    const live = new Liveness([
      { pattern: 'a[0-9]+', maxLength: 5 },
      { pattern: 'ab[0-9]+', maxLength: 90 },
    ]);
    let state = live.initial;
    expect([state.alive, state.reach]).toEqual([false, 0]);
    expect((state = live.step(state, 97)).reach).toBe(90);
    expect((state = live.step(state, 49)).reach).toBe(5);
    expect(live.step(state, 120).alive).toBe(false);
  });

  it.each([
    ['(?=a)', 'look-around'],
    ['(a)\\1', 'back-references'],
    ['(a', 'missing )'],
    ['[a', 'missing ]'],
    ['a)', 'unmatched )'],
    ['*a', 'nothing to repeat'],
    ['\\y', 'not in the subset'],
  ])('refuses %s', (pattern, message) => {
    expect(() => new Liveness([{ pattern, maxLength: 1 }])).toThrow(message);
  });
});
