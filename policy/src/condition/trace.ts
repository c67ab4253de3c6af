import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import type { TraceStep } from '../decide/types.js';
import { pathOf, sourceOf, walk } from './ast.js';

/** Steps that a trace holds at most. */
export const MAX_TRACE_STEPS = 16;
const MAX_EXPRESSION = 120;
/** Roots whose strings are configuration or identity, never content. */
const PLAIN_ROOTS = new Set(['model', 'service', 'environment', 'operation', 'featureView', 'error']);
const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=', 'in', 'rcall']);

function shown(value: unknown, root: string | undefined): TraceStep['value'] {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'string')
    return root !== undefined && PLAIN_ROOTS.has(root) ? value.slice(0, 64) : `string(${value.length})`;
  return Array.isArray(value) ? `list(${value.length})` : null;
}

/** The comparisons of a condition and the values that they compare, in source order. Literals in the condition itself are the author's, not content. */
export function traceCondition(ast: ASTNode, environment: Environment, context: object): TraceStep[] {
  const steps: TraceStep[] = [];
  const add = (node: ASTNode, root?: string): unknown => {
    if (steps.length >= MAX_TRACE_STEPS) return undefined;
    const expression = sourceOf(node).slice(0, MAX_EXPRESSION);
    if (steps.some((step) => step.expression === expression)) return undefined;
    try {
      const value: unknown = environment.parse(sourceOf(node))(context as Record<string, unknown>);
      steps.push({ expression, value: shown(value, root), evaluated: true });
      return value;
    } catch {
      steps.push({ expression, value: null, evaluated: false });
      return undefined;
    }
  };
  const skip = (node: ASTNode): void => {
    walk(node, (child) => {
      if (COMPARISONS.has(child.op) && steps.length < MAX_TRACE_STEPS) {
        steps.push({ expression: sourceOf(child).slice(0, MAX_EXPRESSION), value: null, evaluated: false });
      }
    });
  };
  const visit = (node: ASTNode): boolean | undefined => {
    if (node.op === '&&' || node.op === '||') {
      const left = visit(node.args[0]);
      if (left === (node.op === '||')) {
        skip(node.args[1]);
        return left;
      }
      return visit(node.args[1]);
    }
    if (node.op === '!_') {
      const inner = visit(node.args);
      return inner === undefined ? undefined : !inner;
    }
    const value = add(node, pathOf(node)?.[0]);
    if (COMPARISONS.has(node.op)) {
      walk(node, (child, depth) => {
        const path = depth === 0 ? null : pathOf(child);
        if (path !== null && (path.length > 1 || child.op === 'id')) add(child, path[0]);
      });
    }
    return typeof value === 'boolean' ? value : undefined;
  };
  visit(ast);
  return steps;
}
