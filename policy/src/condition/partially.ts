import type { ASTNode } from '@marcbachmann/cel-js';
import { walk } from './ast.js';
import { translate } from './translate.js';

type Known = Record<string, unknown>;
type Answer = boolean | undefined;
type Partial = (known: Known) => Answer;

const unknown: Partial = () => undefined;

/**
 * An expression judged by a part of what it reads: true or false where the rest cannot change that, undefined otherwise. What is not known is not in `known`, and what fails is not known
 * either: in CEL `false && e` is false and `true || e` is true, also when `e` fails (cel-spec, "Logical Operators").
 */
export function partially(node: ASTNode): Partial {
  if (node.op === '&&' || node.op === '||') return partialLogic(node.op === '||', node.args);
  if (node.op === '!_') {
    const inner = partially(node.args);
    return (known) => {
      const answer = inner(known);
      return answer === undefined ? undefined : !answer;
    };
  }
  const evaluate = asksForPresence(node) ? null : translate(node);
  if (evaluate === null) return unknown;
  return (known) => {
    try {
      const value = evaluate(known);
      return typeof value === 'boolean' ? value : undefined;
    } catch {
      return undefined;
    }
  };
}

/** @param decisive What one side has to be for the other one not to matter. */
function partialLogic(decisive: boolean, args: readonly [ASTNode, ASTNode]): Partial {
  const left = partially(args[0]);
  const right = partially(args[1]);
  return (known) => {
    const a = left(known);
    if (a === decisive) return decisive;
    const b = right(known);
    if (b === decisive) return decisive;
    return a === undefined || b === undefined ? undefined : !decisive;
  };
}

/** `has()` would take what is not known for what is not there. */
function asksForPresence(node: ASTNode): boolean {
  let found = false;
  walk(node, (part) => {
    if (part.op === 'call' && part.args[0] === 'has') found = true;
  });
  return found;
}
