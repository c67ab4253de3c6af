import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonEdits } from '../../src/detect/json-edits.js';
import { readJsonSource } from '../../src/detect/json-source.js';
import { JsonUnits } from '../../src/detect/json-units.js';
import type { JsonUnit } from '../../src/detect/json-units.js';

function decode(pieces: readonly string[]): { text: string; units: JsonUnit[] } {
  const units: JsonUnit[] = [];
  const reader = new JsonUnits();
  const text = pieces.map((piece) => reader.push(piece, units)).join('') + reader.finish(units);
  return { text, units };
}

/** Escapes some characters of strings in JSON source in one of the ways that JSON allows. */
const source = fc
  .tuple(fc.jsonValue({ noUnicodeString: false }), fc.infiniteStream(fc.boolean()))
  .map(([value, escapes]) =>
    JSON.stringify(value).replace(/(?<=[A-Za-z ])[a-z@.](?=[A-Za-z ]*")/g, (char) =>
      escapes.next().value ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char,
    ),
  );

const apply = (text: string, edits: readonly { start: number; end: number; replacement: string }[]): string =>
  [...edits]
    .reverse()
    .reduce((out, { start, end, replacement }) => out.slice(0, start) + replacement + out.slice(end), text);

describe('JSON source in pieces', () => {
  it('is traced back to itself, and reads the same wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.oneof(source, fc.string({ unit: fc.constantFrom('"', '\\', 'u', '0', '4', 'a', '{') })),
        fc.nat(),
        (text, at) => {
          const whole = decode([text]);
          expect(whole.units.map(({ raw }) => raw).join('')).toBe(text);
          expect(whole.units).toHaveLength(whole.text.length);
          const cut = at % (text.length + 1);
          expect(decode([text.slice(0, cut), text.slice(cut)])).toEqual(whole);
          expect(decode(text.split(''))).toEqual(whole);
        },
      ),
    );
  });

  it('means in a string what its escapes stand for, also those of JSON in it', () => {
    for (const [text, meant] of [
      ['"a\\u0040b"', '"a@b"'],
      ['"a\\\\u0040b"', '"a@b"'],
      ['"{\\"a\\":\\"\\\\\\\\u0040b\\"}"', '"{"a":"@b"}"'],
      ['"C:\\\\users\\\\u00"', '"C:\\users\\u00"'],
      ['{"a":1} \\u0040', '{"a":1} \\u0040'],
      ['"\\ud83d\\ude00"', '"😀"'],
    ] as const)
      expect(decode([text]).text).toBe(meant);
  });
});

describe('edits of JSON', () => {
  it('leave it valid, whatever is replaced by whatever', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          source,
          source.map((text) => `{"a":[${text},-12.5e3,true,null]}`),
        ),
        fc.nat(),
        fc.nat(),
        fc.string(),
        (text, a, b, replacement) => {
          const { units } = decode([text]);
          const [start, end] = [a % units.length, b % (units.length + 1)].sort((x, y) => x - y) as [number, number];
          // Half of a pair of surrogates is no place at which a detector begins or ends.
          const raws = units.map(({ raw }) => raw);
          const offsets = raws.map((_raw, index) => raws.slice(0, index).join('').length);
          const edits = jsonEdits(units, { start, end, replacement }).map((edit) => ({
            start: offsets[edit.start]!,
            end: edit.end === raws.length ? text.length : offsets[edit.end]!,
            replacement: edit.replacement,
          }));
          expect(() => JSON.parse(apply(text, edits)) as unknown).not.toThrow();
        },
      ),
    );
  });

  it('replace a number as a whole, and each value of a finding that lies across several', () => {
    const edit = (text: string, found: string): string => {
      const json = readJsonSource(text, false)!;
      const start = json.text.indexOf(found);
      return apply(text, json.edits({ start, end: start + found.length, replacement: 'x"y' }));
    };
    expect(edit('{"n":-4111.5,"m":1}', '4111')).toBe('{"n":"x\\"y","m":1}');
    expect(edit('{"ab":"cd","n":7}', 'b":"c')).toBe('{"ax\\"y":"x\\"yd","n":7}');
    expect(edit('["a@b","c"]', 'a@b')).toBe('["x\\"y","c"]');
  });

  it('are made of what is JSON, or is given to a tool and stops in the middle', () => {
    expect(readJsonSource('{"a":"b\\u0040', false)).toBeNull();
    expect(readJsonSource('{"a":"b\\u0040', true)!.text).toBe('{"a":"b@');
    for (const text of ['plain', '"a"', '{no json}', '[1, 2', '']) expect(readJsonSource(text, false)).toBeNull();
  });
});

describe('a stretch of the source itself', () => {
  it('is replaced so that the JSON stays valid, an escape of which it covers a part as a whole', () => {
    fc.assert(
      fc.property(source, fc.nat(), fc.nat(), (inner, one, other) => {
        const text = `[${inner}]`;
        const read = readJsonSource(text, false)!;
        const [start, end] = [one % text.length, other % text.length].sort((a, b) => a - b) as [number, number];
        const edits = read.sourceEdits({ start, end: end + 1, replacement: 'x "\\u0041' });
        JSON.parse(apply(text, edits));
        const covered = (at: number): boolean => edits.some((edit) => edit.start <= at && at < edit.end);
        for (let at = start; at <= end; at++) expect(covered(at) || /[\s"{}[\]:,]/.test(text[at]!)).toBe(true);
      }),
    );
  });
});
