import type { CallValue } from '@guardspan/policy';
import { GuardspanError, parseDuration, readYaml, sayIssue } from '@guardspan/policy';
import { z } from 'zod';
import { DELIMITERS } from './detect-delimiter.js';
import { formatReader } from './read-moment.js';
import { MISSING, readValue } from './read-value.js';

const columnName = z.string().min(1).max(256);
/** A column by its name, or more: a constant, values to be replaced, a number, a delay. */
const cell = z.union([
  columnName,
  z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]) }),
  z.strictObject({
    column: columnName,
    map: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    delay: z.string().optional(),
  }),
]);
export type Cell = z.infer<typeof cell>;
const duration = z.union([cell, z.strictObject({ column: columnName, unit: z.enum(['s', 'ms', 'us', 'ns', 'min']) })]);
/** A cell of numbers in seconds or in another unit. */
export type DurationCell = z.infer<typeof duration>;
const format = z
  .string()
  .max(64)
  .refine(
    (text) => formatReader(text) !== undefined,
    'write a format with YYYY, MM and DD, such as DD.MM.YYYY HH:mm:ss',
  );
const cells = z.record(z.string().min(1).max(128), cell);

/** How a table becomes calls: the shape of a mapping file. */
export const callMappingSchema = z.strictObject({
  apiVersion: z.literal('guardspan/v1alpha1'),
  kind: z.literal('CallMapping'),
  /** Sign between fields; left out, the header tells. */
  delimiter: z.enum(DELIMITERS).optional(),
  /** Sign before the fraction of numbers; default a point. */
  decimal: z.enum(['.', ',']).optional(),
  /** Texts that stand for an unknown value. */
  missing: z.array(z.string().max(64)).max(64).optional(),
  /** Columns by which rows are sorted first: as numbers where all values are, else as text. */
  sort: z.array(columnName).max(4).optional(),
  time: z.union([
    z.strictObject({ iso: columnName }),
    z.strictObject({ column: columnName, format }),
    z.strictObject({ epoch: columnName }),
    z.strictObject({ rowsPerSecond: z.number().gt(0) }),
    z.strictObject({ row: z.literal('filtered'), perBucket: z.int().min(1) }),
  ]),
  service: cell.optional(),
  tenant: cell.optional(),
  model: cell,
  version: cell.optional(),
  duration: duration.optional(),
  error: cell.optional(),
  features: cells.optional(),
  output: z.strictObject({ label: cell.optional(), score: cell.optional(), values: cells.optional() }).optional(),
  group: cells.optional(),
  truth: cells.optional(),
});
/** Which column of a table is which field of a call, as the schema accepted it. */
export type CallMapping = z.infer<typeof callMappingSchema>;

/**
 * Reads a mapping file (YAML or JSON).
 * @throws GuardspanError GUARDSPAN_MAPPING that names the key and what belongs there
 */
export function readMapping(text: string, file: string): CallMapping {
  const read = readYaml(text);
  if ('problem' in read) {
    const { line, column, message, hint } = read.problem;
    throw new GuardspanError('GUARDSPAN_MAPPING', `${file}:${line}:${column} ${message}`, hint);
  }
  const { value } = read;
  const result = callMappingSchema.safeParse(value);
  if (result.success) return result.data;
  const found = result.error.issues.slice(0, MAX_TOLD).map((issue) => complaint(issue, value));
  throw new GuardspanError(
    'GUARDSPAN_MAPPING',
    found.map((text) => `${file}: ${text}`).join('\n'),
    'see docs/replay.md for the keys of a mapping',
  );
}

/** Complaints that are told at a time. */
const MAX_TOLD = 5;
const TIMES =
  '{iso: COLUMN}, {column: COLUMN, format: DD.MM.YYYY}, {epoch: COLUMN}, {rowsPerSecond: 10} or {row: filtered, perBucket: 50}';
const CELLS = 'COLUMN, {value: CONSTANT} or {column: COLUMN, map: {from: to}}';

/** What is wrong in a mapping, and what belongs there. */
function complaint(issue: z.core.$ZodIssue, mapping: unknown): string {
  const path = issue.path.map(String);
  const name = path.join('.') || 'the document';
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `unknown key "${key}"`).join(', ');
    const known = path.length === 0 ? `; the keys are ${Object.keys(callMappingSchema.shape).join(', ')}` : '';
    return `${path.length === 0 ? '' : `${name}: `}${keys}${known}`;
  }
  const written = issue.path.reduce<unknown>(
    (at, key) => (at as { [key: PropertyKey]: unknown } | undefined)?.[key],
    mapping,
  );
  const belongs = path[0] === 'time' ? TIMES : CELLS;
  if (issue.code === 'invalid_union')
    return `${name}: ${written === undefined ? 'it is missing' : 'what is written is none of the forms'}; write ${belongs}`;
  return `${name}: ${written === undefined ? 'it is missing' : sayIssue(issue)}`;
}

/** A mapping to begin with, for a table with these columns. */
export function suggestMapping(columns: readonly string[]): string {
  const time = columns.find((name) => /time|date|_at$/i.test(name));
  return [
    'apiVersion: guardspan/v1alpha1',
    'kind: CallMapping',
    `time: { ${time === undefined ? 'rowsPerSecond: 10' : `iso: ${JSON.stringify(time)}`} }`,
    'model: { value: my-model }',
    `features: { ${columns
      .filter((name) => name !== time)
      .slice(0, 4)
      .map((name) => `${JSON.stringify(name)}: ${JSON.stringify(name)}`)
      .join(', ')} }`,
  ].join('\n');
}

/** How the cells of a table are read. */
export class CellReader {
  readonly #missing: ReadonlySet<string>;
  readonly #form: { decimal: '.' | ',' };

  constructor({ missing = [...MISSING], decimal = '.' }: Pick<CallMapping, 'missing' | 'decimal'>) {
    // An empty cell says nothing, whatever stands for "unknown" beside it.
    this.#missing = new Set([...missing, '']);
    this.#form = { decimal };
  }

  /** The value of a cell in a row, numbers and booleans as such; undefined when it is unknown. */
  value(spec: Cell, row: Readonly<Record<string, string>>): CallValue | undefined {
    const found = this.#mapped(spec, row);
    return typeof found === 'object' ? this.#known(found.raw, (text) => readValue(text, this.#form)) : found;
  }

  /** The same as text, which stays as it is written; empty when it is unknown. */
  text(spec: Cell | undefined, row: Readonly<Record<string, string>>): string {
    if (spec === undefined) return '';
    const found = this.#mapped(spec, row);
    return typeof found === 'object' ? (this.#known(found.raw, (text) => text) ?? '') : String(found);
  }

  #known<T>(raw: string, read: (text: string) => T): T | undefined {
    const text = raw.trim();
    return this.#missing.has(text) ? undefined : read(text);
  }

  #mapped(spec: Cell, row: Readonly<Record<string, string>>): string | number | boolean | { raw: string } {
    if (typeof spec === 'object' && 'value' in spec) return spec.value;
    const [column, map] = typeof spec === 'string' ? [spec, undefined] : [spec.column, spec.map];
    const raw = row[column]!;
    if (map === undefined) return { raw };
    if (Object.hasOwn(map, raw)) return map[raw]!;
    return Object.hasOwn(map, raw.trim()) ? map[raw.trim()]! : { raw };
  }
}

/** Column of a cell; undefined for a constant. */
export function columnOf(spec: Cell | DurationCell): string | undefined {
  return typeof spec === 'string' ? spec : 'column' in spec ? spec.column : undefined;
}

/** Seconds after its call at which a truth or group comes. */
export function delayOf(spec: Cell): number {
  return typeof spec === 'object' && 'column' in spec && spec.delay !== undefined ? parseDuration(spec.delay) : 0;
}
