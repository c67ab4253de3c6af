import { describe, expect, it } from 'vitest';
import { oneLine, plainText } from '../../src/canonical/plain-text.js';

describe('texts of somebody else', () => {
  it('cannot steer a terminal, nor turn the direction of what is read', () => {
    expect(plainText('a\u001b[31mred\u0007 \u009b2J \u202eevil\u2069')).toBe(
      'a\\u001b[31mred\\u0007 \\u009b2J \\u202eevil\\u2069',
    );
    expect(plainText('two\nlines\twith a tab\r')).toBe('two\nlines\twith a tab\\r');
  });

  it('begin no line inside of a sentence, and are cut where that is said', () => {
    expect(oneLine('acme\r\nRESOLVED\u2028all is well\u0085')).toBe('acme\\r\\nRESOLVED\\u2028all is well\\u0085');
    expect(oneLine('abcdef', 4)).toBe('abc…');
    expect(oneLine('abcd', 4)).toBe('abcd');
  });

  it('stay as they are otherwise', () => {
    const text = 'Müller & Söhne, 😀 "quoted" {{ .Labels }} <b> $(id)';
    expect([oneLine(text), plainText(text)]).toEqual([text, text]);
  });
});
