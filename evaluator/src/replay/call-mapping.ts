import type { CallValue } from '@guardspan/policy';
import { GuardspanError, parseDuration } from '@guardspan/policy';
import { parse } from 'yaml';
import { z } from 'zod';

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
const cells = z.record(z.string().min(1).max(128), cell);

/** How a table becomes calls: the shape of a mapping file. */
export const callMappingSchema = z.strictObject({
  apiVersion: z.literal('guardspan/v1alpha1'),
  kind: z.literal('CallMapping'),
  /** Columns by which rows are sorted first: as numbers where all values are, else as text. */
  sort: z.array(columnName).max(4).optional(),
  time: z.union([
    z.strictObject({ iso: columnName }),
    z.strictObject({ epoch: columnName }),
    z.strictObject({ rowsPerSecond: z.number().gt(0) }),
    z.strictObject({ row: z.literal('filtered'), perBucket: z.int().min(1) }),
  ]),
  service: cell.optional(),
  tenant: cell.optional(),
  model: cell,
  version: cell.optional(),
  duration: cell.optional(),
  error: cell.optional(),
  features: cells.optional(),
  output: z.strictObject({ label: cell.optional(), score: cell.optional(), values: cells.optional() }).optional(),
  group: cells.optional(),
  truth: cells.optional(),
});
export type CallMapping = z.infer<typeof callMappingSchema>;

/**
 * Reads a mapping file (YAML or JSON).
 * @throws GuardspanError GUARDSPAN_MAPPING that names the key and what belongs there
 */
export function readMapping(text: string, file: string): CallMapping {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new GuardspanError(
      'GUARDSPAN_MAPPING',
      `${file}: ${(error as Error).message.split('\n')[0]}`,
      'mend the YAML',
    );
  }
  const result = callMappingSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new GuardspanError(
    'GUARDSPAN_MAPPING',
    `${file}: ${issue.path.join('.') || 'the document'}: ${issue.message}`,
    'see docs/replay.md for the keys of a mapping',
  );
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

/** What a cell says in a row. Numbers and booleans are read as such. */
export function valueOf(spec: Cell, row: Readonly<Record<string, string>>): CallValue {
  if (typeof spec === 'string') return plain(row[spec]!);
  if ('value' in spec) return spec.value;
  const raw = row[spec.column]!;
  if (spec.map === undefined) return plain(raw);
  return Object.hasOwn(spec.map, raw) ? spec.map[raw]! : raw;
}

/** Column of a cell; undefined for a constant. */
export function columnOf(spec: Cell): string | undefined {
  return typeof spec === 'string' ? spec : 'column' in spec ? spec.column : undefined;
}

/** Seconds after its call at which a truth or group comes. */
export function delayOf(spec: Cell): number {
  return typeof spec === 'object' && 'column' in spec && spec.delay !== undefined ? parseDuration(spec.delay) : 0;
}

function plain(raw: string): CallValue {
  const text = raw.trim();
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : text;
}
