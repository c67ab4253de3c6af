import type { Pair, YAMLMap, YAMLSeq } from 'yaml';
import { Document, isCollection, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, visit } from 'yaml';
import { canonicalJson } from '../canonical/canonical-json.js';
import { keyOrder } from './key-order.js';
import type { KeyOrder } from './key-order.js';
import { LOAD_LIMITS } from './load-documents.js';
import { LoadError } from './load-error.js';
import type { YamlProblem } from './read-yaml.js';
import { unprintable, yamlProblems, yamlValue } from './read-yaml.js';

/** Characters of a line beyond which a list or a map in brackets is spread over several lines. */
const WIDTH = 120;

/**
 * Lays documents out canonically: keys in the order of the schema, two spaces of indentation, single quotes where quotes are written, at most one
 * empty line, comments kept beside what they are about. Bracketed lists and maps stay bracketed. The meaning does not change, and laying out
 * twice is laying out once. JSON stays JSON.
 *
 * @param text One file: YAML with any number of documents, or JSON.
 * @throws LoadError GUARDSPAN_FMT_SYNTAX with line and column (`file` is empty) when it is no clean YAML, GUARDSPAN_DOC_TOO_LARGE beyond {@link LOAD_LIMITS}.
 */
export function formatDocuments(text: string): string {
  if (text.length > LOAD_LIMITS.maxBytes)
    throw new LoadError(
      'GUARDSPAN_DOC_TOO_LARGE',
      `the file is larger than ${LOAD_LIMITS.maxBytes} characters`,
      'split it',
      { file: '', line: 1, column: 1, path: '' },
    );
  if (text.trim() === '') return '';
  if (/^\s*[{[]/.test(text)) {
    const json = asJson(text);
    if (json !== undefined) return json;
  }
  const { documents, meaning } = parse(text);
  for (const document of documents) layOut(document);
  const formatted = documents.map((document, index) => printed(document, index)).join('');
  // Layout must never change what a document says; a library's surprise ends here.
  if (parse(formatted).meaning !== meaning)
    throw new LoadError(
      'GUARDSPAN_FMT_SYNTAX',
      'the layout of this file cannot be changed without changing its meaning',
      'report this file; until then leave it as it is',
      { file: '', line: 1, column: 1, path: '' },
    );
  return formatted;
}

/** The documents of a text that say anything, and what they mean: their values as canonical JSON. */
function parse(text: string): { documents: Document[]; meaning: string } {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    ...{ lineCounter: lines, prettyErrors: false, version: '1.2', logLevel: 'error' },
  });
  const control = unprintable(text);
  if (control !== undefined) throw unclean(control, lines);
  const documents: Document[] = [];
  const values: unknown[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const [problem] = yamlProblems(document, text);
    if (problem !== undefined) throw unclean(problem, lines);
    const read = yamlValue(document);
    if ('problem' in read) throw unclean(read.problem, lines);
    if (saysNothing(document)) continue;
    documents.push(document);
    values.push(read.value);
  }
  return { documents, meaning: canonicalJson(values) };
}

/** An empty document says nothing, unless it holds a comment. */
function saysNothing({ contents, commentBefore, comment }: Document): boolean {
  return isScalar(contents) && contents.value === null && !contents.commentBefore && !commentBefore && !comment;
}

function unclean({ message, hint, offset }: YamlProblem, lines: LineCounter): LoadError {
  const { line, col } = lines.linePos(offset);
  const place = { file: '', line: Math.max(1, line), column: Math.max(1, col), path: '' };
  return new LoadError('GUARDSPAN_FMT_SYNTAX', message, hint, place);
}

function asJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const order = orderOf(value);
    const sorted = (
      Array.isArray(value) ? value.map((item) => sortJson(item, orderOf(item))) : sortJson(value, order)
    ) as unknown;
    return `${JSON.stringify(sorted, null, 2)}\n`;
  } catch {
    return undefined;
  }
}

function orderOf(value: unknown): KeyOrder {
  const kind = typeof value === 'object' && value !== null ? (value as { kind?: unknown }).kind : undefined;
  return keyOrder(typeof kind === 'string' ? kind : '');
}

function sortJson(value: unknown, order: KeyOrder | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => sortJson(item, order?.items));
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as { [key: string]: unknown };
  const keys = order?.sort(Object.keys(fields)) ?? Object.keys(fields);
  return Object.fromEntries(keys.map((key) => [key, sortJson(fields[key], order?.child(key))]));
}

function layOut(document: Document): void {
  let aliased = false;
  visit(document, {
    Alias: () => void (aliased = true),
    Scalar: (_, scalar) => {
      // Double quotes stay where single ones would have to be doubled or cannot say it.
      if (scalar.type !== 'QUOTE_DOUBLE' || typeof scalar.value !== 'string') return;
      if (!/['\\]|[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]/.test(scalar.value)) scalar.type = 'QUOTE_SINGLE';
    },
  });
  // An alias must stand after its anchor, so such a document keeps its order.
  if (aliased) return;
  sortNode(document.contents, orderOf(document.toJS()), true);
  spread(document.contents, 0, 0);
}

function sortNode(node: unknown, order: KeyOrder | undefined, top: boolean): void {
  if (isSeq(node)) {
    for (const item of node.items) sortNode(item, order?.items, false);
    return;
  }
  if (!isMap(node) || order === undefined) return;
  const [first] = node.items;
  const head = top && isScalar(first?.key) ? first.key.commentBefore : undefined;
  if (head && isScalar(first?.key)) first.key.commentBefore = null;
  // What stands above a map's first key is about that key and moves with it; at the top of a document it is about the document.
  if (!top && node.flow !== true && node.commentBefore && first !== undefined && isScalar(first.key)) {
    first.key.commentBefore ??= node.commentBefore;
    node.commentBefore = null;
  }
  const pairs = new Map(node.items.map((pair) => [keyOf(pair), pair]));
  if (pairs.size === node.items.length) node.items = order.sort([...pairs.keys()]).map((key) => pairs.get(key)!);
  node.items.forEach((pair, index) => {
    if (index === 0 && isScalar(pair.key)) {
      delete pair.key.spaceBefore;
      if (head) pair.key.commentBefore = [head, pair.key.commentBefore].filter(Boolean).join('\n');
    }
    sortNode(pair.value, order.child(keyOf(pair)), false);
  });
}

/** Spreads what is written in brackets over several lines when it does not fit into one. */
function spread(node: unknown, column: number, depth: number): void {
  if (!isCollection(node)) return;
  if (node.flow === true) {
    const alone = node.clone() as YAMLMap | YAMLSeq;
    // Comments around it stand on lines of their own.
    alone.commentBefore = null;
    alone.comment = null;
    const line = new Document(alone).toString(LAYOUT).trimEnd();
    if (column + line.length <= WIDTH && !line.includes('\n')) return;
    node.flow = false;
  }
  const indent = depth * LAYOUT.indent;
  for (const item of node.items as unknown[]) {
    if (isMap(node)) {
      const pair = item as Pair;
      spread(pair.value, indent + keyOf(pair).length + 2, depth + 1);
    } else spread(item, indent + 2, depth + 1);
  }
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

const LAYOUT = {
  // Long texts stay on their line: where they break is the author's choice.
  lineWidth: 0,
  // A written \n stays one: broken over lines it would be two of them.
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  singleQuote: true,
  indent: 2,
  indentSeq: true,
  flowCollectionPadding: true,
} as const;

function printed(document: Document, index: number): string {
  visit(document, {
    Map: (_, map) => padded(map, ' '),
    Seq: (_, sequence) => padded(sequence, ''),
    Pair: (_, pair) => folded(pair),
  });
  const body = document.toString(LAYOUT).replace(/^---\n/, '');
  return index === 0 ? body : `---\n${body}`;
}

// Maps in brackets have spaces inside of them and lists have none, as Prettier writes them; the library has one option for both.
function padded(collection: YAMLMap | YAMLSeq, flowCollectionPadding: '' | ' '): void {
  if (collection.flow !== true) return;
  const print = collection.toString.bind(collection);
  collection.toString = (context, ...rest) =>
    print(context === undefined ? context : { ...context, flowCollectionPadding }, ...rest);
}

// A text that the author let the machine wrap (`>`) is wrapped at our width; every other text stays on its line.
function folded(pair: Pair): void {
  if (!isScalar(pair.value) || pair.value.type !== 'BLOCK_FOLDED') return;
  const print = pair.toString.bind(pair);
  pair.toString = (context, ...rest) =>
    print(context === undefined ? context : { ...context, options: { ...context.options, lineWidth: WIDTH } }, ...rest);
}
