import type { Document } from 'yaml';
import { isScalar, LineCounter, parseAllDocuments, visit } from 'yaml';
import { canonicalJson } from '../canonical/canonical-json.js';
import { sha256Hex } from '../canonical/revision.js';
import type { KindName, NormalForms } from './kinds/document-kinds.js';
import { DOCUMENT_KINDS, isKindName, KIND_NAMES } from './kinds/document-kinds.js';
import type { DocumentKind } from './kinds/document-kind.js';
import { LoadError } from './load-error.js';
import { askMeant } from '../canonical/nearest.js';
import { authoredPath, inside, offsetOf, pathText } from './places.js';
import { unprintable, yamlProblems, yamlValue } from './read-yaml.js';
import { shapeIssues } from './shape-issues.js';

/** Limits on one file. */
export const LOAD_LIMITS = { maxBytes: 1_048_576, maxDocuments: 1000, maxErrors: 100 } as const;

/** A document without errors, with the text that it was written as. */
export interface LoadedDocument<K extends KindName = KindName> {
  kind: K;
  name: string;
  /** sha256 of the canonical JSON of the normal form, 64 hexadecimal digits. */
  revision: string;
  normal: NormalForms[K];
  source: string;
  /** Line of the file on which it begins, from 1. */
  line: number;
}

/** Documents by kind. */
export type DocumentsByKind = { [K in KindName]: LoadedDocument<K>[] };

/** What a file holds. Documents without errors are there even when others have some. */
export interface LoadedDocuments {
  documents: DocumentsByKind;
  errors: LoadError[];
}

type Path = readonly (string | number)[];
type Complain = (code: string, message: string, hint: string, offset: number, path: Path) => void;

interface Loading {
  text: string;
  lines: LineCounter;
  /** Offset at which the document before ends; what stands between belongs to this one. */
  from: number;
  /** Kind and name of what was read before. */
  names: Set<string>;
  result: LoadedDocuments;
  complain: Complain;
}

/** Documents by kind, none of any. */
export function noDocuments(): DocumentsByKind {
  return Object.fromEntries(KIND_NAMES.map((kind) => [kind, []])) as unknown as DocumentsByKind;
}

/** Reads the documents of one file (YAML with any number of documents, or JSON), of every kind. Errors are reported together, by their place, at most {@link LOAD_LIMITS}. Never throws. */
export function loadDocuments(text: string, { file }: { file: string }): LoadedDocuments {
  const lines = new LineCounter();
  const result: LoadedDocuments = { documents: noDocuments(), errors: [] };
  const complain: Complain = (code, message, hint, offset, path) => {
    const { line, col } = lines.linePos(Math.max(0, offset));
    const place = { file, line: Math.max(1, line), column: Math.max(1, col), path: pathText(path) };
    result.errors.push(new LoadError(code, message, hint, place));
  };
  const tooLarge = (what: string): LoadedDocuments => {
    complain('GUARDSPAN_DOC_TOO_LARGE', what, 'split it', 0, []);
    return result;
  };
  if (text.length > LOAD_LIMITS.maxBytes) return tooLarge(`the file is larger than ${LOAD_LIMITS.maxBytes} characters`);
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    strict: true,
    uniqueKeys: true,
    version: '1.2',
    // Warnings are errors of ours: nothing is written to standard error, least of all a text of the document.
    logLevel: 'error',
  });
  const control = unprintable(text);
  if (control !== undefined) {
    complain('GUARDSPAN_YAML', control.message, control.hint, control.offset, []);
    return result;
  }
  const documents = Array.isArray(parsed) ? parsed : [];
  if (documents.length > LOAD_LIMITS.maxDocuments)
    return tooLarge(`the file holds more than ${LOAD_LIMITS.maxDocuments} documents`);
  const loading: Loading = { text, lines, from: 0, names: new Set(), result, complain };
  for (const document of documents) {
    try {
      loadOne(document, loading);
    } catch {
      // No document is known that comes here; what a library throws is about itself.
      const message = 'the document cannot be read';
      const hint = 'write it with mappings, lists, texts and numbers only, or report it';
      complain('GUARDSPAN_DOC_UNREADABLE', message, hint, document.range[0], []);
    }
    loading.from = document.range[2];
  }
  // As they stand in the file; of one place in the order in which they were found.
  result.errors.sort((a, b) => a.line - b.line || a.column - b.column);
  if (result.errors.length > LOAD_LIMITS.maxErrors) {
    const left = result.errors.length - LOAD_LIMITS.maxErrors;
    const last = result.errors[LOAD_LIMITS.maxErrors - 1]!;
    result.errors.length = LOAD_LIMITS.maxErrors;
    const place = { file, line: last.line, column: last.column, path: '' };
    const message = `${left} more errors are not shown`;
    result.errors.push(new LoadError('GUARDSPAN_DOC_TOO_MANY_ERRORS', message, 'mend those above first', place));
  }
  return result;
}

function loadOne(document: Document.Parsed, loading: Loading): void {
  const { result, complain } = loading;
  const before = result.errors.length;
  for (const { message, hint, offset } of yamlProblems(document, loading.text))
    complain('GUARDSPAN_YAML', message, hint, offset, []);
  for (const offset of protoKeys(document, loading.text))
    complain('GUARDSPAN_DOC_UNKNOWN_KEY', 'unknown key "__proto__"', 'give it another name', offset, []);
  if (result.errors.length > before) return;
  const read = yamlValue(document);
  if ('problem' in read) {
    const { message, hint, offset } = read.problem;
    complain('GUARDSPAN_DOC_UNREADABLE', message, hint, offset, []);
    return;
  }
  const { value } = read;
  if (value === null || value === undefined) return;
  const written = (value as { kind?: unknown }).kind;
  if (typeof written === 'string' && !isKindName(written)) {
    const message = `there is no kind of document "${written.slice(0, 64)}"`;
    complain(
      'GUARDSPAN_DOC_KIND',
      message,
      `${askMeant(written, KIND_NAMES)}write one of ${KIND_NAMES.join(', ')}`,
      offsetOf(document, ['kind'], false),
      ['kind'],
    );
    return;
  }
  // What names no kind is taken for a guard-rail, whose shape says that the kind is missing.
  readKind(isKindName(written) ? written : 'Guardrail', value, document, loading);
}

function readKind<K extends KindName>(kind: K, value: unknown, document: Document.Parsed, loading: Loading): void {
  const { result, complain, text, names, lines } = loading;
  const before = result.errors.length;
  const { noun, page, schema, read }: DocumentKind<NormalForms[K]> = DOCUMENT_KINDS[kind];
  const shape = schema.safeParse(value);
  if (!shape.success) {
    for (const { code, message, hint, path, onKey } of shapeIssues(shape.error, { page, schema, value }))
      complain(code, message, hint, offsetOf(document, path, onKey), path);
    return;
  }
  // Each kind reads what its own schema accepted.
  const { name, normal, identity, findings } = read(shape.data as never);
  for (const finding of findings) {
    // What is missing keeps its name; everything else is named as far as it was written.
    const path = finding.code === 'GUARDSPAN_DOC_MISSING' ? finding.path : authoredPath(document, finding.path);
    const offset =
      offsetOf(document, path, false) + (finding.offset !== undefined ? inside(document, path, finding.offset) : 0);
    complain(finding.code, finding.message, finding.hint, offset, path);
  }
  const path = ['metadata', 'name'];
  if (names.has(`${kind} ${name}`))
    complain(
      'GUARDSPAN_DOC_DUPLICATE',
      `${noun} "${name}" stands twice in this file`,
      'give each a name of its own',
      offsetOf(document, path, false),
      path,
    );
  names.add(`${kind} ${name}`);
  if (result.errors.length > before) return;
  result.documents[kind].push({
    kind,
    name,
    revision: sha256Hex(canonicalJson(identity)),
    normal,
    source: sourceOf(document, text, loading.from),
    line: lines.linePos(document.contents?.range?.[0] ?? document.range[0]).line,
  });
}

/** A document as it was written, with the comments above and below it, without the markers that part it from others. */
function sourceOf(document: Document.Parsed, text: string, from: number): string {
  const above = text
    .slice(from, document.range[0])
    .split('\n')
    .filter((line) => /^\ufeff?\s*#/.test(line))
    .map((line) => `${line.trim().replace(/^\ufeff/, '')}\n`)
    .join('');
  const own = text
    .slice(document.range[0], document.range[2])
    .replace(/^---[ \t]*\r?\n/, '')
    .replace(/(?:^|\n)\.\.\.\s*$/, '\n');
  return `${(above + own).trim()}\n`;
}

/** Where `__proto__` is a key: the schemas pass over it, and what is written must not be dropped without a word. */
function protoKeys(document: Document.Parsed, text: string): number[] {
  const found: number[] = [];
  if (!text.includes('__proto__')) return found;
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '__proto__') found.push(key.range?.[0] ?? 0);
    },
  });
  return found;
}
