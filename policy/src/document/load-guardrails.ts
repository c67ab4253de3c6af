import type { Document } from 'yaml';
import { isNode, isScalar, LineCounter, parseAllDocuments } from 'yaml';
import type { z } from 'zod';
import { revisionOf } from '../canonical/revision.js';
import { GuardspanError } from '../error.js';
import { checkGuardrail } from './check-guardrail.js';
import { checkAuthoredEvidence } from './evidence-check.js';
import { normaliseGuardrail } from './normalise.js';
import { guardrailDocumentSchema } from './schema.js';
import { normaliseTestSuite, testSuiteDocumentSchema } from './test-suite.js';
import type { TestSuite } from './test-suite.js';
import type { RevisedGuardrail } from './types.js';

/** Limits on one file. */
export const LOAD_LIMITS = { maxBytes: 1_048_576, maxDocuments: 1000 } as const;

/** One thing that is wrong in a file of guard-rails. Lines and columns count from 1. */
export class LoadError extends GuardspanError {
  override readonly name = 'LoadError';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Path in the document, e.g. `spec.over.signals.p95.of`; empty for the whole document. */
  readonly path: string;

  constructor(
    code: string,
    message: string,
    hint: string,
    place: { file: string; line: number; column: number; path: string },
  ) {
    super(code, message, hint);
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
    this.path = place.path;
  }
}

/** A loaded guard-rail with the text that it was written as. */
export interface LoadedGuardrail extends RevisedGuardrail {
  source: string;
}

/** What a file holds. Documents without errors are returned even when others have some. */
export interface LoadResult {
  guardrails: LoadedGuardrail[];
  /** Suites of tests (`kind: GuardrailTest`). */
  suites: TestSuite[];
  errors: LoadError[];
}

/** Where hints about the shape of a guard-rail point. */
const GUARDRAIL_PAGE = 'docs/guardrails.md';

type Path = readonly (string | number)[];

/** Reads the documents of one file (YAML with any number of documents, or JSON): guard-rails and suites of tests. All errors are reported, not the first. Never throws. */
export function loadGuardrails(text: string, options: { file: string }): LoadResult {
  const { file } = options;
  const result: LoadResult = { guardrails: [], suites: [], errors: [] };
  if (text.length > LOAD_LIMITS.maxBytes) {
    result.errors.push(
      new LoadError(
        'GUARDSPAN_DOC_TOO_LARGE',
        `the file is larger than ${LOAD_LIMITS.maxBytes} characters`,
        'split it',
        { file, line: 1, column: 1, path: '' },
      ),
    );
    return result;
  }
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    strict: true,
    uniqueKeys: true,
    version: '1.2',
  });
  const documents = Array.isArray(parsed) ? parsed : [];
  if (documents.length > LOAD_LIMITS.maxDocuments) {
    result.errors.push(
      new LoadError(
        'GUARDSPAN_DOC_TOO_LARGE',
        `the file holds more than ${LOAD_LIMITS.maxDocuments} documents`,
        'split it',
        { file, line: 1, column: 1, path: '' },
      ),
    );
    return result;
  }
  const names = new Map<string, number>();
  for (const document of documents) {
    try {
      loadOne(document, text, lines, file, names, result);
    } catch (error) {
      const { line, col } = lines.linePos(document.range[0]);
      result.errors.push(
        new LoadError(
          'GUARDSPAN_DOC_UNREADABLE',
          `the document cannot be read: ${(error as Error).message}`,
          'check its YAML',
          { file, line, column: col, path: '' },
        ),
      );
    }
  }
  return result;
}

function loadOne(
  document: Document.Parsed,
  text: string,
  lines: LineCounter,
  file: string,
  names: Map<string, number>,
  result: LoadResult,
): void {
  const at = (offset: number, path: Path): { file: string; line: number; column: number; path: string } => {
    const { line, col } = lines.linePos(Math.max(0, offset));
    return { file, line: Math.max(1, line), column: Math.max(1, col), path: pathText(path) };
  };
  const before = result.errors.length;
  for (const problem of [...document.errors, ...document.warnings]) {
    result.errors.push(
      new LoadError('GUARDSPAN_YAML', problem.message, yamlHint(problem.code), at(problem.pos[0], [])),
    );
  }
  if (result.errors.length > before) return;
  const value: unknown = document.toJS({ maxAliasCount: 50 });
  if (value === null || value === undefined) return;
  const misshapen = ({ issues }: z.ZodError, page = GUARDRAIL_PAGE): void => {
    for (const { code, message, hint, path, onKey } of flatten(issues, [])) {
      const place = at(offsetOf(document, path, onKey), path);
      result.errors.push(new LoadError(code, message, hint.replace(GUARDRAIL_PAGE, page), place));
    }
  };
  if ((value as { kind?: unknown }).kind === 'GuardrailTest') {
    const suite = testSuiteDocumentSchema.safeParse(value);
    if (!suite.success) return misshapen(suite.error, 'docs/testing.md');
    const { suite: normal, problems } = normaliseTestSuite(suite.data);
    for (const { code, message, hint, path } of problems)
      result.errors.push(new LoadError(code, message, hint, at(offsetOf(document, path, false), path)));
    if (problems.length === 0) result.suites.push(normal);
    return;
  }
  const shape = guardrailDocumentSchema.safeParse(value);
  if (!shape.success) return misshapen(shape.error);
  const guardrail = normaliseGuardrail(shape.data);
  for (const finding of [...checkAuthoredEvidence(shape.data), ...checkGuardrail(guardrail)]) {
    // What is missing keeps its name; everything else is named as far as it was written.
    const path = finding.code === 'GUARDSPAN_DOC_MISSING' ? finding.path : authoredPath(document, finding.path);
    const offset =
      offsetOf(document, path, false) + (finding.offset !== undefined ? inside(document, path, finding.offset) : 0);
    result.errors.push(new LoadError(finding.code, finding.message, finding.hint, at(offset, path)));
  }
  const { name } = guardrail.metadata;
  if (names.has(name)) {
    result.errors.push(
      new LoadError(
        'GUARDSPAN_DOC_DUPLICATE',
        `guard-rail "${name}" stands twice in this file`,
        'give each a name of its own',
        at(offsetOf(document, ['metadata', 'name'], false), ['metadata', 'name']),
      ),
    );
  }
  names.set(name, (names.get(name) ?? 0) + 1);
  if (result.errors.length > before) return;
  result.guardrails.push({
    guardrail,
    revision: revisionOf(guardrail),
    source: text.slice(document.range[0], document.range[1]).trim() + '\n',
  });
}

function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

// Findings name the normal form; what a default filled in has no place of its own, its parent has.
function authoredPath(document: Document.Parsed, path: Path): Path {
  let known = [...path];
  while (known.length > 0 && document.getIn(known, true) === undefined) known = known.slice(0, -1);
  return known;
}

function offsetOf(document: Document.Parsed, path: Path, onKey: boolean): number {
  for (let length = path.length; length > 0; length--) {
    const key = path[length - 1];
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    if (onKey && length === path.length && typeof parent === 'object' && parent !== null && 'items' in parent) {
      for (const pair of parent.items as { key?: unknown }[]) {
        if (isScalar(pair.key) && pair.key.value === key && pair.key.range) return pair.key.range[0];
      }
    }
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  const { contents } = document;
  return isNode(contents) && contents.range ? contents.range[0] : document.range[0];
}

// Inside a quoted scalar the expression begins after the quote; block scalars keep the start of the scalar.
function inside(document: Document.Parsed, path: Path, offset: number): number {
  const node: unknown = document.getIn(path, true);
  if (!isScalar(node) || typeof node.value !== 'string') return 0;
  if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') return offset + 1;
  return node.type === 'PLAIN' ? offset : 0;
}

function yamlHint(code: string): string {
  if (code === 'TAG_RESOLVE_FAILED') return 'quote the expression: a leading ! is a YAML tag';
  if (code === 'DUPLICATE_KEY') return 'keep one of the two keys';
  return 'quote expressions, or write them after >-';
}

interface ShapeIssue {
  code: string;
  message: string;
  hint: string;
  path: (string | number)[];
  onKey: boolean;
}

function flatten(issues: readonly z.core.$ZodIssue[], base: Path): ShapeIssue[] {
  const found: ShapeIssue[] = [];
  for (const issue of issues) {
    const path = [...base, ...(issue.path as (string | number)[])];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        found.push({
          code: 'GUARDSPAN_DOC_UNKNOWN_KEY',
          message: `unknown key "${key}"`,
          hint: `see ${GUARDRAIL_PAGE} for the keys that exist here`,
          path: [...path, key],
          onKey: true,
        });
      }
    } else if (issue.code === 'invalid_union') {
      found.push(...flattenUnion(issue, path));
    } else if (issue.code === 'invalid_type' && issue.input === undefined && issue.message.includes('undefined')) {
      found.push({
        code: 'GUARDSPAN_DOC_MISSING',
        message: `"${String(path[path.length - 1])}" is missing`,
        hint: `add it (${issue.expected})`,
        path,
        onKey: false,
      });
    } else {
      found.push({
        code: issue.code === 'invalid_type' ? 'GUARDSPAN_DOC_TYPE' : 'GUARDSPAN_DOC_VALUE',
        message: issue.message,
        hint: `see ${GUARDRAIL_PAGE}`,
        path,
        onKey: false,
      });
    }
  }
  return found;
}

// Of all alternatives the author meant the one with the fewest complaints.
function flattenUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path): ShapeIssue[] {
  const alternatives = issue.errors.map((errors) => flatten(errors, path));
  const chosen = alternatives
    .filter((errors) =>
      errors.every(
        (error) =>
          error.path.length > path.length + 1 ||
          (error.code !== 'GUARDSPAN_DOC_UNKNOWN_KEY' && error.code !== 'GUARDSPAN_DOC_MISSING'),
      ),
    )
    .sort((a, b) => a.length - b.length)[0];
  if (chosen !== undefined) return chosen;
  const known = alternatives
    .map((errors) => errors.find((error) => error.code === 'GUARDSPAN_DOC_MISSING')?.path.at(-1))
    .filter((key) => key !== undefined);
  return [
    {
      code: 'GUARDSPAN_DOC_ALTERNATIVE',
      message: `"${String(path[path.length - 1])}" fits none of the forms it may have`,
      hint: known.length > 0 ? `write exactly one of ${[...new Set(known)].join(', ')}` : 'see docs/guardrails.md',
      path: [...path],
      onKey: false,
    },
  ];
}
