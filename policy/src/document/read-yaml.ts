import type { Document } from 'yaml';
import { LineCounter, parseDocument, visit } from 'yaml';
import { sayYaml } from './say-yaml.js';
import type { YamlSaying } from './say-yaml.js';

/** Times that the aliases of a document may repeat what they stand for. */
const MAX_ALIASES = 50;

/** What is wrong in a YAML text, and at which offset (UTF-16 code units). */
export interface YamlProblem extends YamlSaying {
  offset: number;
}

/** What is wrong in a YAML text; lines and columns count from 1. */
export interface PlacedYamlProblem extends YamlSaying {
  line: number;
  column: number;
}

/** What makes a parsed document unreadable, one problem for each place; empty when it is clean. Warnings count: `when: !has(x)` would silently become a text. */
export function yamlProblems(document: Pick<Document.Parsed, 'errors' | 'warnings'>, text: string): YamlProblem[] {
  const found = new Map<number, YamlProblem>();
  for (const complaint of [...document.errors, ...document.warnings]) {
    const [offset] = complaint.pos;
    // Of several complaints about one place the first is about its cause.
    if (!found.has(offset)) found.set(offset, { ...sayYaml(complaint, text), offset });
  }
  return [...found.values()];
}

/** What YAML 1.2.2 leaves out of its printable characters (5.1): the parser would take them, and a terminal that shows the text would obey them. */
const UNPRINTABLE = /(?![\t\n\r\u0085])[\p{Cc}\p{Cs}\ufffe\uffff]/u;

/** The first character of a text that may not stand in a document; undefined when there is none. */
export function unprintable(text: string): YamlProblem | undefined {
  const found = UNPRINTABLE.exec(text);
  if (found === null) return undefined;
  const code = found[0].codePointAt(0)!.toString(16).padStart(4, '0');
  return {
    message: `the character U+${code.toUpperCase()} may not stand in a document`,
    hint: `write it as "\\u${code}" in double quotes, or take it out`,
    offset: found.index,
  };
}

/** A document as plain values, or why it has none although its YAML is clean: an alias of nothing, or aliases that multiply. */
export function yamlValue(document: Document): { value: unknown } | { problem: YamlProblem } {
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown };
  } catch {
    return { problem: aliasProblem(document) };
  }
}

function aliasProblem(document: Document): YamlProblem {
  const anchors = new Set<string>();
  let first: number | undefined;
  let lost: YamlProblem | undefined;
  visit(document, {
    Value: (_, { anchor }) => void (anchor !== undefined && anchors.add(anchor)),
    Alias: (_, { source, range }) => {
      const offset = range?.[0] ?? 0;
      first ??= offset;
      if (anchors.has(source)) return undefined;
      const name = source.slice(0, 40);
      const message = `the alias *${name} stands for nothing: no anchor &${name} comes before it`;
      lost = { message, hint: 'put a text that begins with * in quotes, or write the anchor', offset };
      return visit.BREAK;
    },
  });
  if (lost !== undefined) return lost;
  if (first !== undefined) {
    const message = `the aliases (*) of this document repeat what they stand for more than ${MAX_ALIASES} times`;
    return { message, hint: 'write out what they stand for', offset: first };
  }
  const message = 'the document holds what cannot be read as a value';
  return {
    ...{ message, hint: 'write it with mappings, lists, texts and numbers only' },
    offset: document.contents?.range?.[0] ?? 0,
  };
}

/**
 * Reads a text of one YAML or JSON document as plain values. Never throws.
 *
 * @returns `value` (null for an empty text), or `problem`: the first thing that is wrong, in plain words that may repeat up to 40 characters of the text.
 */
export function readYaml(text: string): { value: unknown } | { problem: PlacedYamlProblem } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2', logLevel: 'error' });
  const [first] = yamlProblems(document, text);
  const read = first === undefined ? yamlValue(document) : { problem: first };
  if ('value' in read) return read;
  const { offset, message, hint } = read.problem;
  const { line, col } = lines.linePos(offset);
  return { problem: { message, hint, line: Math.max(1, line), column: Math.max(1, col) } };
}
