import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { describe, expect, it } from 'vitest';
import { loadDocuments } from '../../src/document/load-documents.js';
import { readYaml } from '../../src/document/read-yaml.js';
import { SAID_YAML_CODES, sayYaml } from '../../src/document/say-yaml.js';

const LONG = 'x'.repeat(1100);

/** Text, code of the library, place, what we say of it. */
const CASES: readonly (readonly [text: string, code: string, place: string, message: RegExp])[] = [
  ['a: &x *y\n', 'ALIAS_PROPS', '1:7', /^an alias \(\*name\) has an anchor or a tag of its own$/],
  ['a: &\n', 'BAD_ALIAS', '1:4', /has no name$/],
  ['- &a: b\n', 'BAD_ALIAS', '1:5', /ends with a colon$/],
  ['a: !!map\n  - 1\n', 'TAG_RESOLVE_FAILED', '1:4', /^"!!map" is read as a YAML tag/],
  ['%FOO bar\n---\na: 1\n', 'BAD_DIRECTIVE', '1:1', /^the line "%FOO bar" begins with %/],
  ['a: "\\d+"\n', 'BAD_DQ_ESCAPE', '1:5', /^"\\d" means nothing within double quotes$/],
  ['a:\n  b: 1\n c: 2\n', 'BAD_INDENT', '3:1', /^this line is indented differently/],
  ['a: [1\n', 'BAD_INDENT', '2:1', /^brackets are still open where the value must end$/],
  ['a: {x: 1\nb: 3\n', 'BAD_INDENT', '2:1', /^brackets are still open where the value must end$/],
  ['- !x\n- &a - b\n', 'TAG_RESOLVE_FAILED', '1:3', /"!x"/],
  ['x: 1\n&a ? b\n', 'BAD_PROP_ORDER', '2:4', /^an anchor \(&\) or a tag \(!\) stands before/],
  ['a: @x\n', 'BAD_SCALAR_START', '1:4', /^a text without quotes cannot begin with @$/],
  ['a: b ? 5 : 1\n', 'BLOCK_AS_IMPLICIT_KEY', '1:4', /holds a colon, so that it reads as a second key/],
  ['a: 1\n  b: 2\n', 'BLOCK_AS_IMPLICIT_KEY', '1:4', /^this key has a value already/],
  ['a:\n - 1\n- 2: 3\n', 'BLOCK_AS_IMPLICIT_KEY', '3:1', /^a list stands where a key belongs$/],
  ['a: {b: - c}\n', 'BLOCK_IN_FLOW', '1:8', /^an indented list or mapping stands within brackets$/],
  ['a: 1\n"a": 2\n', 'DUPLICATE_KEY', '2:1', /^the key "a" stands twice in one mapping$/],
  ['{a: 1, a: 2}\n', 'DUPLICATE_KEY', '1:8', /^the key "a" stands twice/],
  [`${LONG}: 1\n`, 'KEY_OVER_1024_CHARS', '1:1', /^a key is longer than 1024 characters$/],
  ['a: "x\n', 'MISSING_CHAR', '2:1', /^a text in double quotes does not end$/],
  ["a: 'x\n", 'MISSING_CHAR', '2:1', /^a text in single quotes does not end$/],
  ['a: 1\nb\nc: 2\n', 'MISSING_CHAR', '2:1', /^"b" stands where a key belongs, but no colon follows$/],
  ['a: "x"#c\n', 'MISSING_CHAR', '1:7', /^a comment begins without a space/],
  ['[[1\n', 'BAD_INDENT', '2:1', /^brackets are still open/],
  ['[1\n', 'MISSING_CHAR', '2:1', /^brackets are still open/],
  ['a: {"x" "y"}\n', 'MISSING_CHAR', '1:9', /^between '"y"' and what stands before it a comma/],
  ['%YAML 1.2\na: 1\n', 'MISSING_CHAR', '2:1', /^an instruction \(%\) is not followed by ---$/],
  ['--- a: 1\n', 'MISSING_CHAR', '1:5', /^a mapping or a list begins on the line of ---$/],
  ['- - a\n -b\n', 'MISSING_CHAR', '2:1', /^an entry of a list has no - before it$/],
  ['a: |\n    \n x\n', 'MISSING_CHAR', '3:2', /^an empty line of this text/],
  ['&a - b\n', 'MISSING_CHAR', '1:1', /^something is missing here/],
  ['b\nc: 2\n', 'MULTILINE_IMPLICIT_KEY', '1:1', /^a key runs over more than one line$/],
  ['a: &x &y 1\n', 'MULTIPLE_ANCHORS', '1:7', /^two anchors/],
  ['a: !x !y 1\n', 'MULTIPLE_TAGS', '1:7', /^two tags/],
  [`a: ${'['.repeat(3000)}${']'.repeat(3000)}\n`, 'RESOURCE_EXHAUSTION', '1:', /^the document is nested too deeply$/],
  ['a:\n\tb: 1\n', 'TAB_AS_INDENT', '2:1', /^the line is indented with a tab$/],
  ['a: !has(x)\n', 'TAG_RESOLVE_FAILED', '1:4', /^"!has\(x\)" is read as a YAML tag/],
  ['a: - b\n', 'UNEXPECTED_TOKEN', '1:4', /^a list begins on the line of its key$/],
  ['a: [1,,2]\n', 'UNEXPECTED_TOKEN', '1:7', /^a comma stands where an entry belongs$/],
  ['a: ]\n', 'UNEXPECTED_TOKEN', '1:4', /^\] closes nothing that is open$/],
  ['a: | x\n', 'UNEXPECTED_TOKEN', '1:6', /^"x" stands behind \| or >$/],
  ['a: "x" == "y"\n', 'UNEXPECTED_TOKEN', '1:8', /^'== "y"' stands behind a value that is complete/],
];

/** Codes that no text raises with our options: a schema, several documents read as one, or a parser that lost its way. */
const UNREACHED = ['BAD_COLLECTION_TYPE', 'IMPOSSIBLE', 'MULTIPLE_DOCS', 'NON_STRING_KEY'];

/** Words of the library that mean nothing to who writes a guard-rail. */
const LIBRARY =
  /flow (?:map|sequence|collection)|block (?:map|sequence|collection|scalar)|implicit|indicator|node|unresolved|token/i;

describe('sayYaml', () => {
  // Some texts are long: tests are named by their number.
  it.each(CASES)('says what is wrong with case %# in own words', (text, code, place, message) => {
    const raised = parseAllDocuments(text, { prettyErrors: false, logLevel: 'error' }) as unknown as {
      errors: { code: string }[];
      warnings: { code: string }[];
    }[];
    expect(raised.flatMap(({ errors, warnings }) => [...errors, ...warnings].map((one) => one.code))).toContain(code);
    const errors = loadDocuments(text, { file: 'f.yaml' }).errors.filter((error) => error.code === 'GUARDSPAN_YAML');
    const said = errors.map((error) => `${error.line}:${error.column} ${error.message}`);
    expect(said.filter((one) => one.startsWith(place)).map((one) => one.slice(one.indexOf(' ') + 1))).toContainEqual(
      expect.stringMatching(message),
    );
    for (const error of errors) {
      expect(`${error.message} ${error.hint}`).not.toMatch(LIBRARY);
      expect(error.hint).not.toBe('');
      expect(error.message.length).toBeLessThan(200);
    }
    // One complaint for each place.
    expect(new Set(errors.map(({ line, column }) => `${line}:${column}`)).size).toBe(errors.length);
  });

  it('has words for every code that the library declares, and the cases raise each that a text can raise', () => {
    const folder = dirname(createRequire(import.meta.url).resolve('yaml'));
    const declared = /ErrorCode = ([^;]+);/.exec(readFileSync(join(folder, 'errors.d.ts'), 'utf8'))![1]!;
    const codes = [...declared.matchAll(/'([A-Z_0-9]+)'/g)].map(([, code]) => code!).sort();
    expect([...SAID_YAML_CODES].sort()).toEqual(codes);
    expect([...new Set([...CASES.map(([, code]) => code), ...UNREACHED])].sort()).toEqual(codes);
  });

  it('has words of its own for a code that it does not know', () => {
    expect(sayYaml({ code: 'NEW', message: 'Block node', pos: [0, 1] }, 'a: 1')).toEqual({
      message: 'this is no clean YAML',
      hint: 'write the line anew',
    });
  });
});

describe('readYaml', () => {
  it('reads one document as values', () => {
    expect(readYaml('a: [1, {b: x}]\n')).toEqual({ value: { a: [1, { b: 'x' }] } });
    expect(readYaml('')).toEqual({ value: null });
    expect(readYaml('a: &x [1]\nb: *x\n')).toEqual({ value: { a: [1], b: [1] } });
  });

  it.each([
    ['a: 1\nb: *x\n', '2:4', 'the alias *x stands for nothing: no anchor &x comes before it'],
    ['a: *x\nb: &x 1\n', '1:4', 'the alias *x stands for nothing: no anchor &x comes before it'],
    [
      `a0: &a0 [1]\n${Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]\n`).join('')}`,
      '2:10',
      'the aliases (*) of this document repeat what they stand for more than 50 times',
    ],
    ['a: 1\n---\nb: 1\n', '2:1', 'the file holds more than one document'],
    ['a: [1\n', '2:1', 'brackets are still open where the value must end'],
  ])('says what is wrong with text %#', (text, place, message) => {
    const read = readYaml(text);
    if (!('problem' in read)) throw new Error('it was read');
    expect(`${read.problem.line}:${read.problem.column} ${read.problem.message}`).toBe(`${place} ${message}`);
    expect(read.problem.hint).not.toBe('');
  });
});
