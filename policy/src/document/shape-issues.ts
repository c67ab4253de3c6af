import type { z } from 'zod';
import { meantAlternative, meantKey, meantValue } from './meant.js';
import { refusedKey } from './refused-keys.js';
import { sayIssue } from './say-issue.js';

/** Stands in hints for the page of the kind. */
const GUARDRAIL_PAGE = 'docs/guardrails.md';

/** Unknown keys of one mapping for which a near one is looked for. */
const MAX_MEANT = 20;

type Path = readonly (string | number)[];

/** What the shape of a document complains about, in our words. */
export interface ShapeIssue {
  code: string;
  message: string;
  hint: string;
  path: (string | number)[];
  onKey: boolean;
}

/** What was read and what it should have been. */
export interface Shape {
  /** Where hints point. */
  page: string;
  schema: z.core.$ZodType;
  /** What the schema refused. */
  value: unknown;
}

/** The complaints of a schema, flattened: unknown keys one by one, of alternatives those of the one that was meant. What was probably meant stands in the hint. */
export function shapeIssues(error: z.ZodError, shape: Shape): ShapeIssue[] {
  return flatten(error.issues, [], shape).map((issue) => ({
    ...issue,
    hint: issue.hint.replace(GUARDRAIL_PAGE, shape.page),
  }));
}

function flatten(issues: readonly z.core.$ZodIssue[], base: Path, shape: Shape): ShapeIssue[] {
  const found: ShapeIssue[] = [];
  for (const issue of issues) {
    const path = [...base, ...(issue.path as (string | number)[])];
    if (issue.code === 'unrecognized_keys') {
      for (const [index, key] of issue.keys.entries()) {
        // Of thousands nobody reads what each might have been.
        const meant = index < MAX_MEANT ? meantKey(shape, path, key) : '';
        found.push({
          code: 'GUARDSPAN_DOC_UNKNOWN_KEY',
          message: `unknown key "${key}"`,
          hint: `${meant}see ${GUARDRAIL_PAGE} for the keys that exist here`,
          ...refusedKey(path, key),
          path: [...path, key],
          onKey: true,
        });
      }
    } else if (issue.code === 'invalid_union') {
      found.push(...flattenUnion(issue, path, shape));
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
        message: wordsOf(issue, path),
        hint: `${meantValue(issue, shape, path)}see ${GUARDRAIL_PAGE}`,
        path,
        onKey: false,
      });
    }
  }
  return found;
}

/** With the name of the field before what the schema did not say in words of its own. */
function wordsOf(issue: z.core.$ZodIssue, path: Path): string {
  const said = sayIssue(issue);
  const last = path.at(-1);
  if (said === issue.message || last === undefined) return said;
  return typeof last === 'number' ? `"${String(path.at(-2) ?? '')}[${last}]" ${said}` : `"${last}" ${said}`;
}

// Of all alternatives the author meant the one with the fewest complaints.
function flattenUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path, shape: Shape): ShapeIssue[] {
  const alternatives = issue.errors.map((errors) => flatten(errors, path, shape));
  // What is not there misses every alternative in the same way.
  const [absent] = alternatives.map(([first]) => first);
  const isAbsent = (error: ShapeIssue | undefined): boolean =>
    error?.code === 'GUARDSPAN_DOC_MISSING' && error.path.length === path.length;
  if (absent !== undefined && alternatives.every(([first]) => isAbsent(first))) return [{ ...absent, hint: 'add it' }];
  // The others wanted something else than a mapping or a list: the one that looked inside was meant.
  const inside = alternatives.filter((errors) => errors.every((error) => error.path.length > path.length));
  if (inside.length === 1) return inside[0]!;
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
  // What every form needs is no choice between them.
  const common = (alternatives[0] ?? []).filter((error) => alternatives.every((errors) => lacks(errors, error, path)));
  if (alternatives.some((errors) => errors.every((error) => common.some((needed) => lacks([error], needed, path)))))
    return common;
  const known = alternatives
    .map((errors) =>
      errors.find((error) => isLacking(error, path) && !common.some((needed) => lacks([error], needed, path))),
    )
    .flatMap((error) => (error === undefined ? [] : String(error.path.at(-1))));
  return [
    ...common,
    {
      code: 'GUARDSPAN_DOC_ALTERNATIVE',
      message: `"${String(path[path.length - 1])}" fits none of the forms it may have`,
      hint:
        known.length > 0
          ? `${meantAlternative(shape, path, known)}write exactly one of ${[...new Set(known)].join(', ')}`
          : `see ${GUARDRAIL_PAGE}`,
      path: [...path],
      onKey: false,
    },
  ];
}

/** True for a key of the mapping at a path that is missing. */
function isLacking(error: ShapeIssue, path: Path): boolean {
  return error.code === 'GUARDSPAN_DOC_MISSING' && error.path.length === path.length + 1;
}

/** True when the key of `needed` is missing among `errors` too. */
function lacks(errors: readonly ShapeIssue[], needed: ShapeIssue, path: Path): boolean {
  return (
    isLacking(needed, path) &&
    errors.some((error) => isLacking(error, path) && error.path.at(-1) === needed.path.at(-1))
  );
}
