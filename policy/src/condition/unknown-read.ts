import type { ASTNode } from '@marcbachmann/cel-js';
import { askMeant } from '../canonical/nearest.js';
import { children, pathOf } from './ast.js';
import { isComprehension } from './cost.js';
import type { Variables } from './variables.js';

/** What an expression reads although it does not exist, in the words of an error. */
export interface UnknownRead {
  message: string;
  hint: string;
  /** UTF-16 offset into the expression. */
  offset: number;
}

/** The first field of a variable that the variable does not have; undefined when every field exists. `has(model.nmae)` counts: it would never be true. */
export function unknownField(node: ASTNode, variables: Variables): UnknownRead | undefined {
  const path = pathOf(node);
  if (path?.length === 2) {
    const [root, field] = path as [string, string];
    const fields = Object.hasOwn(variables, root) ? variables[root]! : '';
    if (typeof fields !== 'string' && !Object.hasOwn(fields, field)) {
      const known = Object.keys(fields);
      return {
        message: `\`${root}\` has no field "${field}"`,
        hint:
          known.length === 0 ? 'it has no fields here' : `${askMeant(field, known)}fields here: ${known.join(', ')}`,
        offset: node.op === '.' ? node.pos : node.start,
      };
    }
  }
  const inside = isComprehension(node) ? withoutItem(node, variables) : variables;
  for (const child of children(node)) {
    const found = unknownField(child, inside);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Inside of `toolCalls.exists(model, ...)` the name stands for an item. */
function withoutItem(node: ASTNode, variables: Variables): Variables {
  const [, , inner] = node.args as [string, ASTNode, ASTNode[]];
  const item = inner?.[0];
  return Object.fromEntries(Object.entries(variables).filter(([name]) => item?.op !== 'id' || name !== item.args));
}

/** A variable at an offset that does not exist. */
export function unknownVariable(source: string, offset: number, variables: Variables): UnknownRead {
  const written = /^\w+/.exec(source.slice(offset))?.[0] ?? '';
  const known = Object.keys(variables);
  return {
    message: `there is no variable "${written}" here`,
    hint: `${askMeant(written, known)}variables here: ${known.join(', ')}`,
    offset,
  };
}
