import { describe, expect, it } from 'vitest';
import { checkPattern } from '../../../src/detect/pack/check-pattern.js';

describe('patterns of packs', () => {
  it.each([
    ['(?=a)b', 'GUARDSPAN_PATTERN_LOOKAROUND', 0],
    ['a(?<!b)c', 'GUARDSPAN_PATTERN_LOOKAROUND', 1],
    ['(a)\\1', 'GUARDSPAN_PATTERN_BACKREFERENCE', 3],
    ['(?P<x>a)\\k<x>', 'GUARDSPAN_PATTERN_BACKREFERENCE', 8],
    ['^a', 'GUARDSPAN_PATTERN_ANCHOR', 0],
    ['a$', 'GUARDSPAN_PATTERN_ANCHOR', 1],
    ['\\bab', 'GUARDSPAN_PATTERN_ANCHOR', 0],
    ['\\p{L}+', 'GUARDSPAN_PATTERN_CLASS', 0],
    ['a+?b', 'GUARDSPAN_PATTERN_LAZY', 1],
    ['a{1,3}?', 'GUARDSPAN_PATTERN_LAZY', 1],
    ['a*', 'GUARDSPAN_PATTERN_EMPTY', 0],
    ['(?:a{1000}){1000}', 'GUARDSPAN_PATTERN_SIZE', 0],
    ['(?:(?:a{9}){9}){9}{9}{9}', 'GUARDSPAN_PATTERN_SIZE', 0],
    ['(a', 'GUARDSPAN_PATTERN', 0],
    ['a{2,1}', 'GUARDSPAN_PATTERN', 0],
    ['(?>a)', 'GUARDSPAN_PATTERN', 0],
  ])('%s is refused with %s', (pattern, code, offset) => {
    const refused = checkPattern(pattern);
    expect(refused).toMatchObject({ code, offset });
    expect(refused!.hint).not.toBe('');
  });

  it.each(['a', '[^a-c]b', '[\\^$]', '\\$\\d+', 'a{1,3}b?', '(?:a|b)+c', '(?i:abc)', '[]a]', 'a\\?'])(
    '%s is fine',
    (pattern) => expect(checkPattern(pattern)).toBeNull(),
  );
});
