import { createModelCall, GuardspanError } from '@guardspan/policy';
import type { CallValue, ModelCall } from '@guardspan/policy';
import { parse } from 'csv-parse/sync';
import { columnOf, delayOf, suggestMapping, valueOf } from './call-mapping.js';
import type { CallMapping, Cell } from './call-mapping.js';
import type { ReplayCall } from './replay.js';

type Row = Readonly<Record<string, string>>;

/**
 * Turns a table (CSV with a header) into calls in order of time.
 * @throws GuardspanError GUARDSPAN_TABLE for a table that cannot be read, and GUARDSPAN_MAPPING for a column that it does not have or a mapping that is missing
 */
export function readTable(text: string, file: string, mapping: CallMapping | undefined): ReplayCall[] {
  const rows = rowsOf(text, file);
  const columns = Object.keys(rows[0] ?? {});
  if (mapping === undefined) {
    throw new GuardspanError(
      'GUARDSPAN_MAPPING',
      `${file} is a table, and nothing says what its columns mean`,
      `write a file that ends in .mapping beside the guard-rails (or name it with --mapping), for example:\n\n${suggestMapping(columns)}\n`,
    );
  }
  checkColumns(mapping, columns, file);
  const sorted = sortRows(rows, mapping.sort ?? []);
  const calls = sorted.map((row, index) => callOf(row, index, mapping, file));
  return mapping.sort === undefined ? calls.sort((a, b) => a.call.startedAt - b.call.startedAt) : calls;
}

function rowsOf(text: string, file: string): Row[] {
  try {
    return parse(text, {
      bom: true,
      // A column that occurs twice keeps its first values.
      columns: (names: string[]) =>
        names.map((name, index) => (names.indexOf(name) === index ? name.trim() : `${name.trim()} (${index + 1})`)),
      skip_empty_lines: true,
    }) as Row[];
  } catch (error) {
    throw new GuardspanError('GUARDSPAN_TABLE', `${file}: ${(error as Error).message}`, 'write CSV with a header line');
  }
}

function checkColumns(mapping: CallMapping, columns: readonly string[], file: string): void {
  const { time, output } = mapping;
  const used: (string | undefined)[] = [...(mapping.sort ?? [])];
  if ('iso' in time) used.push(time.iso);
  if ('epoch' in time) used.push(time.epoch);
  const single: (Cell | undefined)[] = [
    mapping.service,
    mapping.tenant,
    mapping.model,
    mapping.version,
    mapping.duration,
    mapping.error,
    output?.label,
    output?.score,
  ];
  const many = [mapping.features, output?.values, mapping.group, mapping.truth];
  for (const spec of [...single, ...many.flatMap((cells) => Object.values(cells ?? {}))]) {
    if (spec !== undefined) used.push(columnOf(spec));
  }
  for (const name of used) {
    if (name !== undefined && !columns.includes(name)) {
      throw new GuardspanError(
        'GUARDSPAN_MAPPING',
        `${file} has no column "${name}"`,
        `its columns: ${columns.join(', ')}`,
      );
    }
  }
}

function sortRows(rows: readonly Row[], by: readonly string[]): readonly Row[] {
  if (by.length === 0) return rows;
  const numeric = by.map((name) => rows.every((row) => row[name] !== '' && Number.isFinite(Number(row[name]))));
  return [...rows].sort((a, b) => {
    for (const [index, name] of by.entries()) {
      const [x, y] = [a[name]!, b[name]!];
      const order = numeric[index] ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
      if (order !== 0) return order;
    }
    return 0;
  });
}

function callOf(row: Row, index: number, mapping: CallMapping, file: string): ReplayCall {
  const call = createModelCall();
  const text = (spec: Cell | undefined): string => (spec === undefined ? '' : textOf(valueOf(spec, row)));
  call.service = text(mapping.service);
  call.tenant = text(mapping.tenant);
  call.model.name = text(mapping.model);
  call.model.version = text(mapping.version);
  call.startedAt = timeOf(row, index, mapping, file);
  if (mapping.duration !== undefined) call.duration = Number(valueOf(mapping.duration, row));
  call.error.type = text(mapping.error);
  call.features = values(mapping.features, row);
  call.output.label = text(mapping.output?.label);
  if (mapping.output?.score !== undefined) call.output.score = Number(valueOf(mapping.output.score, row));
  call.output.values = values(mapping.output?.values, row);
  const facts: ReplayCall['facts'] = [];
  for (const kind of ['group', 'truth'] as const) {
    for (const [name, spec] of Object.entries(mapping[kind] ?? {})) {
      const value = valueOf(spec, row);
      const delay = delayOf(spec);
      if (delay > 0) facts.push({ kind, name, value: textOf(value), delay });
      else if (kind === 'group') call.group[name] = textOf(value);
      else (call.truth as ModelCall['truth'])[name] = value;
    }
  }
  return { call, id: `row ${index + 1}`, traceId: '', facts };
}

function values(cells: Readonly<Record<string, Cell>> | undefined, row: Row): { [name: string]: CallValue } {
  return Object.fromEntries(Object.entries(cells ?? {}).map(([name, spec]) => [name, valueOf(spec, row)]));
}

function textOf(value: CallValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function timeOf(row: Row, index: number, { time }: CallMapping, file: string): number {
  if ('rowsPerSecond' in time) return index / time.rowsPerSecond;
  // Set for each guard-rail by itself, when it is known which rows it is about.
  if ('row' in time) return 0;
  const raw = 'iso' in time ? row[time.iso]! : row[time.epoch]!;
  const number = Number(raw);
  // Milliseconds, microseconds and nanoseconds are told from seconds by their size.
  const scale = Math.abs(number) > 1e17 ? 1e9 : Math.abs(number) > 1e14 ? 1e6 : Math.abs(number) > 1e11 ? 1e3 : 1;
  const at = 'epoch' in time ? (raw.trim() === '' ? NaN : number / scale) : Date.parse(withZone(raw)) / 1000;
  if (Number.isFinite(at)) return at;
  throw new GuardspanError(
    'GUARDSPAN_TABLE',
    `${file}: row ${index + 1}: "${raw}" is no time`,
    'iso reads 2026-01-31 or 2026-01-31T12:00:00Z, epoch reads seconds or milliseconds since 1970',
  );
}

/** Times without a zone are UTC, so that a replay says the same everywhere. */
function withZone(raw: string): string {
  const text = raw.trim().replace(/^(\d{4}-\d{2}-\d{2}) (\d)/, '$1T$2');
  return /T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(text) ? `${text}Z` : text;
}
