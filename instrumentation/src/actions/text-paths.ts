import { applyRedactions } from '@guardspan/policy/runtime';
import { settleSignature } from './signed-texts.js';
import type { TextEdit } from './text-edits.js';

type Node = { [key: string]: unknown } | unknown[];

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function child(node: Node, key: string): unknown {
  return (node as { [key: string]: unknown })[key];
}

/** A key as one step of a path, whose steps are separated by dots. */
export function pathStep(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('.', '~1');
}

function stepsOf(path: string): string[] {
  return path.split('.').map((step) => step.replaceAll('~1', '.').replaceAll('~0', '~'));
}

function byPath(edits: readonly TextEdit[]): Map<string, TextEdit[]> {
  const groups = new Map<string, TextEdit[]>();
  for (const edit of edits) {
    const list = groups.get(edit.path);
    if (list) list.push(edit);
    else groups.set(edit.path, [edit]);
  }
  return groups;
}

function copyOf(node: Node): Node {
  return Array.isArray(node) ? node.slice() : { ...node };
}

/**
 * A copy of `root` in which the edits are applied to the strings at their paths (`messages.0.content`). Only what lies on a path
 * is copied, so the caller's objects stay as they are and everything else is shared.
 *
 * Throws a plain `Error` when a path leads to no string: an edit that cannot be carried out must not be passed over.
 */
export function editedCopy<T extends object>(root: T, edits: readonly TextEdit[]): T {
  const copied = new Set<unknown>();
  const result = copyOf(root as Node);
  copied.add(result);
  for (const [path, list] of byPath(edits)) {
    const keys = stepsOf(path);
    const nodes: Node[] = [result];
    for (const key of keys.slice(0, -1)) {
      const node = nodes.at(-1)!;
      const next = child(node, key);
      if (!isNode(next)) throw new Error(`No text at ${path}`);
      const own = copied.has(next) ? next : copyOf(next);
      copied.add(own);
      (node as { [key: string]: unknown })[key] = own;
      nodes.push(own);
    }
    setText(nodes, keys, list);
  }
  return result as T;
}

/**
 * Applies the edits to the strings of `root` itself, which must be ours to change (an answer that was just parsed). Keeps identity,
 * prototype and hidden properties. Throws like {@link editedCopy}.
 */
export function editInPlace(root: object, edits: readonly TextEdit[]): void {
  for (const [path, list] of byPath(edits)) {
    const keys = stepsOf(path);
    const nodes: Node[] = [root as Node];
    for (const key of keys.slice(0, -1)) {
      const next = child(nodes.at(-1)!, key);
      if (!isNode(next)) throw new Error(`No text at ${path}`);
      nodes.push(next);
    }
    setText(nodes, keys, list);
  }
}

/** Changes the text at a path: `nodes` are the objects along its steps. */
function setText(nodes: readonly Node[], steps: readonly string[], list: readonly TextEdit[]): void {
  const node = nodes.at(-1) as { [key: string]: unknown };
  const key = steps.at(-1)!;
  const text = node[key];
  if (typeof text !== 'string') throw new Error(`No text at ${steps.join('.')}`);
  const changed = applyRedactions(text, list);
  if (changed === text) return;
  node[key] = changed;
  settleSignature(nodes, steps);
}
