import type { Document } from 'yaml';
import { isNode, isScalar } from 'yaml';

type Path = readonly (string | number)[];

/** A path as people read it, e.g. `spec.uses.pii` or `cases[0]`. */
export function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

/** Findings name the normal form; what a default filled in has no place of its own, its parent has. */
export function authoredPath(document: Document.Parsed, path: Path): Path {
  let known = [...path];
  while (known.length > 0 && document.getIn(known, true) === undefined) known = known.slice(0, -1);
  return known;
}

/** Offset of the node at a path (of its key with `onKey`), or of the nearest one above that is there. */
export function offsetOf(document: Document.Parsed, path: Path, onKey: boolean): number {
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

/** Where an offset of an expression stands in the file, from the start of its node: after the quote of a quoted scalar; block scalars keep the start of the scalar. */
export function inside(document: Document.Parsed, path: Path, offset: number): number {
  const node: unknown = document.getIn(path, true);
  if (!isScalar(node) || typeof node.value !== 'string') return 0;
  if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') return offset + 1;
  return node.type === 'PLAIN' ? offset : 0;
}
