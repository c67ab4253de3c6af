import type { TextPart } from '@guardspan/policy/runtime';
import { pathStep } from '../../actions/text-paths.js';
import { addText, objectOf } from './json.js';

/** Levels of a value that are looked into. */
const MAX_DEPTH = 16;

/** Adds every text inside of a value of unknown shape, for example the input of a tool. */
export function addDeepTexts(parts: TextPart[], path: string, role: string, value: unknown, depth = 0): void {
  if (depth > MAX_DEPTH) return;
  if (typeof value === 'string') addText(parts, path, role, value);
  else if (Array.isArray(value))
    value.forEach((each, at) => addDeepTexts(parts, `${path}.${at}`, role, each, depth + 1));
  else {
    for (const [key, each] of Object.entries(objectOf(value) ?? {})) {
      addDeepTexts(parts, path === '' ? pathStep(key) : `${path}.${pathStep(key)}`, role, each, depth + 1);
    }
  }
}

/** Changes every text inside of a value of unknown shape, in place; gives the value. */
export function changeDeepTexts(
  value: unknown,
  path: string,
  change: (path: string, text: string) => string,
  depth = 0,
): unknown {
  if (typeof value === 'string') return value === '' ? value : change(path, value);
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const node = value as { [key: string]: unknown };
  for (const key of Object.keys(node)) {
    const before = node[key];
    const after = changeDeepTexts(before, `${path}.${pathStep(key)}`, change, depth + 1);
    if (after !== before) node[key] = after;
  }
  return value;
}
