import type { ASTNode } from '@marcbachmann/cel-js';
import { children } from './ast.js';

/** Where a condition runs: in the process on each call, or in the evaluator. */
export type ConditionPlace = 'inline' | 'evaluator';

/**
 * What one evaluation may cost at each place. A unit took 8 to 18 ns of a processor where it was measured (two virtual cores), so that 5,000
 * units are 0.1 ms at most and 50,000 are 1 ms.
 */
export const CONDITION_BUDGET = {
  inline: { maxCost: 5000, maxComprehensionDepth: 1 },
  evaluator: { maxCost: 50_000, maxComprehensionDepth: 2 },
} as const satisfies Record<ConditionPlace, { maxCost: number; maxComprehensionDepth: number }>;

/** Units of what does not cost 1. */
export const CONDITION_COST = {
  /** Items that a list or map is counted with when the expression does not spell it out. */
  items: 100,
  /** `in` on a list or map that the expression does not spell out: a scan without evaluating anything. */
  scan: 20,
  /** A function, such as startsWith() or timestamp(). */
  function: 10,
} as const;

const COMPREHENSIONS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
/** Functions that read what is there. */
const CHEAP = new Set(['has', 'size']);

/** Whether a node runs an expression for each item of a list or map. */
export function isComprehension(node: ASTNode): boolean {
  return node.op === 'rcall' && COMPREHENSIONS.has(node.args[0]);
}

/**
 * Units that one evaluation of an expression takes at most, both sides of every `&&`, `||` and `?:` counted. A node costs 1; a comprehension its
 * body once for each item.
 */
export function estimateCost(node: ASTNode): number {
  if (node.op === 'rcall' && isComprehension(node)) {
    const [, target, [, ...body]] = node.args;
    return 1 + estimateCost(target) + itemsOf(target) * (1 + sum(body));
  }
  const below = sum(children(node));
  if (node.op === 'call' || node.op === 'rcall') return below + (CHEAP.has(node.args[0]) ? 1 : CONDITION_COST.function);
  if (node.op === 'in' && node.args[1].op !== 'list' && node.args[1].op !== 'map') return below + CONDITION_COST.scan;
  return below + 1;
}

function sum(nodes: readonly ASTNode[]): number {
  return nodes.reduce((total, node) => total + estimateCost(node), 0);
}

function itemsOf(node: ASTNode): number {
  if (node.op === 'list') return node.args.length;
  if (node.op === 'map') return node.args.length;
  // A list is at most as long as what it is filtered or mapped from.
  if (node.op === 'rcall' && isComprehension(node)) return itemsOf(node.args[1]);
  return CONDITION_COST.items;
}
