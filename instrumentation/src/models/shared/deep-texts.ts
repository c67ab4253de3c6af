import type { TextPart } from '@guardspan/policy/runtime';
import { pathStep } from '../../actions/text-paths.js';
import { addText, objectOf, textOf } from './json.js';
import type { Json } from './json.js';

/** Levels of a value that are looked into. */
const MAX_DEPTH = 16;

/** Fields in which the formats of models carry what a tool is given, beside its name. */
const GIVEN = new Set(['input', 'arguments', 'parameters', 'args']);

/** The tool that a field of an object is for, by the object's `name`; undefined when the field is for none. */
function toolOf(node: Json, key: string): string | undefined {
  return GIVEN.has(key) && typeof node['name'] === 'string' ? textOf(node['name']) : undefined;
}

/** What a walk into a value of unknown shape knows of it. */
export interface DeepOptions {
  /** All of it is what the tool of this name is given. */
  tool?: string | undefined;
  /** Calls of tools may be inside: what stands beside a name is what the tool of that name is given. */
  calls?: boolean;
  /** Fields that hold no text of anybody, outside of what tools are given. */
  skip?: ReadonlySet<string>;
}

/** Adds every text inside of a value of unknown shape, for example the input of a tool. */
export function addDeepTexts(
  parts: TextPart[],
  path: string,
  role: string,
  value: unknown,
  options: DeepOptions = {},
  depth = 0,
): void {
  if (depth > MAX_DEPTH) return;
  if (typeof value === 'string') addText(parts, path, role, value, options.tool);
  else if (Array.isArray(value))
    value.forEach((each, at) => addDeepTexts(parts, `${path}.${at}`, role, each, options, depth + 1));
  else {
    const node = objectOf(value) ?? {};
    for (const [key, each] of Object.entries(node)) {
      if (options.skip?.has(key)) continue;
      const at = path === '' ? pathStep(key) : `${path}.${pathStep(key)}`;
      addDeepTexts(parts, at, role, each, inside(node, key, options), depth + 1);
    }
  }
}

/** What is known of one field of an object. */
function inside(node: Json, key: string, options: DeepOptions): DeepOptions {
  if (options.calls !== true) return options;
  const tool = toolOf(node, key);
  // What a tool is given may look like a call itself.
  return tool === undefined ? options : { tool };
}

/** Changes every text inside of a value of unknown shape, in place; gives the value. `change` hears of the tool that a text is for. */
export function changeDeepTexts(
  value: unknown,
  path: string,
  change: (path: string, text: string, tool: string | undefined) => string,
  options: DeepOptions = {},
  depth = 0,
): unknown {
  if (typeof value === 'string') return value === '' ? value : change(path, value, options.tool);
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const node = value as { [key: string]: unknown };
  for (const key of Object.keys(node)) {
    const before = node[key];
    const after = changeDeepTexts(before, `${path}.${pathStep(key)}`, change, inside(node, key, options), depth + 1);
    if (after !== before) node[key] = after;
  }
  return value;
}
