import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { describe, expect, it } from 'vitest';
import { loadDocuments } from '../../src/document/load-documents.js';

const root = new URL('../../../test/cases/document/', import.meta.url);
const valid = readdirSync(root)
  .filter((name) => name.startsWith('valid-') || name === 'suite-wrong')
  .flatMap((name) =>
    parseAllDocuments(readFileSync(new URL(`${name}/input.yaml`, root), 'utf8')).map(
      (document) => [name, document.toJS() as unknown] as const,
    ),
  );

/** How the schema library speaks of itself. */
const LIBRARY =
  /Invalid (?:input|string|option|element|key|value|format|number|ISO|URL|discriminator)|Too (?:small|big)|Unrecognized key|expected \w+, received|\bundefined\b|\bNaN\b|\[object|Cannot read prop|is not a function|is not iterable/;
const WRONG: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e300,
  '',
  'x',
  'x'.repeat(5000),
  [],
  [null],
  [1],
  {},
  { x: 1 },
];

/** The document with one of its values exchanged, for each value and each exchange, or with a key too much. */
function* mutations(value: unknown): Generator<unknown> {
  yield* WRONG;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      for (const wrong of mutations(item)) yield (value as unknown[]).with(index, wrong);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value))
      for (const wrong of mutations(item)) yield { ...value, [key]: wrong };
    yield { ...value, surplus: 1 };
  }
}

describe('what is said of documents with wrong values', () => {
  it.each(valid)('is said in own words: %s', (_, document) => {
    let refused = 0;
    for (const wrong of mutations(document)) {
      for (const { message, hint, code } of loadDocuments(JSON.stringify(wrong), { file: 'x.json' }).errors) {
        refused++;
        expect(`${message} | ${hint}`, `${code} ${JSON.stringify(wrong).slice(0, 2000)}`).not.toMatch(LIBRARY);
        expect(message).not.toBe('');
      }
    }
    expect(refused).toBeGreaterThan(50);
  });
});
