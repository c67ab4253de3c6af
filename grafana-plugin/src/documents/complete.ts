import schema from '@guardspan/policy/schema/guardrail.schema.json';

/** Something that may be written where the cursor is. */
export interface Completion {
  label: string;
  /** What is written: a key with its colon, or a value. */
  insert: string;
  kind: 'key' | 'value';
  /** What it means, from the schema; may be empty. */
  about: string;
}

interface Schema {
  type?: string;
  description?: string;
  properties?: { [key: string]: Schema };
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
}

/**
 * What the schema of guard-rails allows at a place of a text that may be half written.
 *
 * @param line From 1.
 * @param column From 1: the cursor stands before this character.
 */
export function completionsAt(text: string, line: number, column: number): Completion[] {
  const lines = text.split('\n');
  const current = (lines[line - 1] ?? '').slice(0, column - 1);
  const value = /^(\s*(?:- )*)([\w.-]+):\s+\S*$/.exec(current);
  if (value !== null) {
    const path = [...pathAbove(lines, line - 1, value[1]!.length), value[2]!];
    return schemasAt(path).flatMap(valuesOf);
  }
  if (!/^\s*(?:- )*[\w.-]*$/.test(current)) {
    return [];
  }
  const indent = /^\s*(?:- )*/.exec(current)![0].length;
  const path = pathAbove(lines, line - 1, indent);
  const written = siblings(lines, line - 1, indent);
  const found = new Map(schemasAt(path).flatMap((one) => Object.entries(one.properties ?? {})));
  return [...found]
    .filter(([key]) => !written.has(key))
    .map(([key, { description = '' }]) => ({ label: key, insert: `${key}: `, kind: 'key', about: description }));
}

/** Keys above a line that it is indented below, outermost first. */
function pathAbove(lines: readonly string[], index: number, indent: number): string[] {
  const path: string[] = [];
  let below = indent;
  for (let at = index - 1; at >= 0 && below > 0; at--) {
    const match = /^(\s*(?:- )*)([\w.-]+):/.exec(lines[at]!);
    if (match !== null && match[1]!.length < below) {
      path.unshift(match[2]!);
      below = match[1]!.length;
    } else if (/^---/.test(lines[at]!)) {
      break;
    }
  }
  return path;
}

/** Keys that the map around a line has already. */
function siblings(lines: readonly string[], index: number, indent: number): Set<string> {
  const keys = new Set<string>();
  for (const step of [-1, 1]) {
    for (let at = index + step; at >= 0 && at < lines.length; at += step) {
      const match = /^(\s*(?:- )*)([\w.-]+):/.exec(lines[at]!);
      if (match === null) {
        continue;
      }
      if (match[1]!.length < indent) {
        break;
      }
      if (match[1]!.length === indent) {
        keys.add(match[2]!);
      }
    }
  }
  return keys;
}

function schemasAt(path: readonly string[]): Schema[] {
  return path.reduce<Schema[]>(
    (level, key) =>
      level.flatMap((one) => {
        const child =
          one.properties?.[key] ??
          (typeof one.additionalProperties === 'object' ? one.additionalProperties : undefined);
        return child === undefined ? [] : alternatives(child);
      }),
    alternatives(schema as unknown as Schema),
  );
}

/** A schema and those that it is made of; of a list, those of its items. */
function alternatives(one: Schema): Schema[] {
  const parts = [...(one.anyOf ?? []), ...(one.allOf ?? []), ...(one.items === undefined ? [] : [one.items])];
  return [one, ...parts.flatMap(alternatives)];
}

function valuesOf(one: Schema): Completion[] {
  const values = one.enum ?? (one.const === undefined ? (one.type === 'boolean' ? [true, false] : []) : [one.const]);
  return values.map((value) => ({
    ...{ label: String(value), insert: String(value), kind: 'value', about: one.description ?? '' },
  }));
}
