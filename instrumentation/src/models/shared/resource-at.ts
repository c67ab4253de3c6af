import type { Json } from './json.js';

/** The object at a path of keys, or undefined. */
export function resourceAt(root: unknown, path: readonly string[]): unknown {
  let node = root;
  for (const key of path) {
    if ((typeof node !== 'object' && typeof node !== 'function') || node === null) return undefined;
    node = (node as Json)[key];
  }
  return node;
}
