import type { ASTNode } from '@marcbachmann/cel-js';

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

/** The direct sub-expressions of a node, in source order. */
export function children(node: ASTNode): ASTNode[] {
  const found: ASTNode[] = [];
  const visit = (value: unknown): void => {
    if (isNode(value)) found.push(value);
    else if (Array.isArray(value)) for (const item of value) visit(item);
  };
  visit(node.args);
  return found;
}

/** Calls `visit` for a node and everything below it. */
export function walk(node: ASTNode, visit: (node: ASTNode, depth: number) => void, depth = 0): void {
  visit(node, depth);
  for (const child of children(node)) walk(child, visit, depth + 1);
}

/** The dotted path of a field access (`model.name`, `features["x"]`), or null for other expressions. */
export function pathOf(node: ASTNode): string[] | null {
  if (node.op === 'id') return [node.args];
  if (node.op === '.') {
    const target = pathOf(node.args[0]);
    return target === null ? null : [...target, node.args[1]];
  }
  if (node.op === '[]' && node.args[1].op === 'value' && typeof node.args[1].args === 'string') {
    const target = pathOf(node.args[0]);
    return target === null ? null : [...target, node.args[1].args];
  }
  return null;
}

/** Source text of a node, with the parentheses that the parser leaves out at its ends. */
export function sourceOf(node: ASTNode): string {
  const text = node.input.slice(node.start, node.end);
  let open = 0;
  let missing = 0;
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (quote !== '') {
      if (character === '\\') index++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '(') open++;
    else if (character === ')') {
      if (open > 0) open--;
      else missing++;
    }
  }
  return '('.repeat(missing) + text + ')'.repeat(open);
}
