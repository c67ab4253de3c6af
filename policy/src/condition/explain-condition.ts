import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { children, pathOf, sourceOf } from './ast.js';
import { environmentFor } from './compile-condition.js';
import type { Variables } from './variables.js';

/** A sub-expression with what it came to. Unlike a verdict's trace it shows values as they are, for a person who gave the call. */
export interface ExplainedExpression {
  expression: string;
  /** JSON value; null when it was not reached or failed. Numbers that JSON lacks are `"NaN"`, `"Infinity"`. */
  value: unknown;
  /** False when the value of the whole was known without it. */
  evaluated: boolean;
  /** Why it failed; absent when it did not. */
  error?: string;
  /** The sub-expressions that decide it, in source order. */
  parts: ExplainedExpression[];
}

const MAX_TEXT = 200;
const MACROS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/**
 * Takes a condition apart: each sub-expression with its value, in the order of evaluation, and which were not reached.
 * @param variables Variables of the condition.
 * @param context Their values.
 * @throws the engine's ParseError when the source cannot be parsed; what {@link compileCondition} accepts can.
 */
export function explainCondition(source: string, variables: Variables, context: object): ExplainedExpression {
  const environment = environmentFor(variables);
  return explain(environment.parse(source).ast, environment, context);
}

function explain(node: ASTNode, environment: Environment, context: object): ExplainedExpression {
  const expression = sourceOf(node);
  let raw: unknown;
  let error: string | undefined;
  try {
    raw = environment.parse(expression)(context as Record<string, unknown>);
  } catch (failure) {
    error = (failure as { summary?: string }).summary ?? (failure as Error).message;
  }
  return {
    expression,
    value: error === undefined ? shown(raw) : null,
    evaluated: true,
    ...(error === undefined ? {} : { error }),
    parts: partsOf(node, environment, context),
  };
}

function partsOf(node: ASTNode, environment: Environment, context: object): ExplainedExpression[] {
  const into = (child: ASTNode): ExplainedExpression => explain(child, environment, context);
  if (node.op === '&&' || node.op === '||') {
    const left = into(node.args[0]);
    const settled = left.error === undefined && left.value === (node.op === '||');
    return [left, settled ? skipped(node.args[1]) : into(node.args[1])];
  }
  if (node.op === '?:') {
    const [condition, yes, no] = node.args;
    const test = into(condition);
    if (test.value !== true && test.value !== false) return [test, skipped(yes), skipped(no)];
    return test.value ? [test, into(yes), skipped(no)] : [test, skipped(yes), into(no)];
  }
  // Variables of a macro exist inside it only, so it is explained by the list that it walks.
  const inner = node.op === 'rcall' && MACROS.has(node.args[0]) ? [node.args[1]] : children(node);
  if (pathOf(node) !== null || (node.op === 'call' && node.args[0] === 'has')) return [];
  return inner.filter((child) => !isLiteral(child)).map(into);
}

function skipped(node: ASTNode): ExplainedExpression {
  return { expression: sourceOf(node), value: null, evaluated: false, parts: [] };
}

function isLiteral(node: ASTNode): boolean {
  return node.op === 'value' || ((node.op === 'list' || node.op === 'map') && children(node).every(isLiteral));
}

function shown(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (typeof value === 'boolean' || value === null || value === undefined) return value ?? null;
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' || (typeof inner === 'number' && !Number.isFinite(inner)) ? String(inner) : inner,
  );
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : (JSON.parse(text) as unknown);
}
