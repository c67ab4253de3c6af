import { createModelCall, GuardspanError } from '@guardspan/policy';
import type { CallValue, ModelCall } from '@guardspan/policy';
import { parse } from 'csv-parse/sync';
import { columnOf, delayOf, suggestMapping, valueOf } from './call-mapping.js';
import type { CallMapping, Cell } from './call-mapping.js';
import type { ReplayCall } from './replay.js';

type Row = Readonly<Record<string, string>>;

/** Rows of a table that have no time and are no calls. */
export interface LeftOutRows {
  rows: number;
  /** Number of the first of them, 1 for the row below the header, and what stands in its place of the time; null without any. */
  first: { row: number; text: string } | null;
}

/** What a table holds. */
export interface CallTable {
  calls: ReplayCall[];
  leftOut: LeftOutRows;
}

/** Characters of an unreadable time that are shown. */
const SHOWN = 40;

/**
 * Turns a table (CSV with a header) into calls in order of time. Rows whose time cannot be read are left out and counted.
 * @throws GuardspanError GUARDSPAN_TABLE for a table that cannot be read or has no row with a time, and GUARDSPAN_MAPPING for a column that it does not have or a mapping that is missing
 */
export function readTable(text: string, file: string, mapping: CallMapping | undefined): CallTable {
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
  const leftOut = withoutTime(rows, mapping);
  if (leftOut.first !== null && leftOut.rows === rows.length) {
    throw new GuardspanError(
      'GUARDSPAN_TABLE',
      `${file}: no row has a time that can be read: row ${leftOut.first.row}: "${leftOut.first.text}" is no time`,
      'iso reads 2026-01-31 or 2026-01-31T12:00:00Z, epoch reads seconds or milliseconds since 1970',
    );
  }
  const calls: ReplayCall[] = [];
  sortRows(rows, mapping.sort ?? []).forEach((row, index) => {
    const startedAt = timeOf(row, index, mapping);
    if (Number.isFinite(startedAt)) calls.push(callOf(row, index, startedAt, mapping));
  });
  if (mapping.sort === undefined) calls.sort((a, b) => a.call.startedAt - b.call.startedAt);
  return { calls, leftOut };
}

function withoutTime(rows: readonly Row[], mapping: CallMapping): LeftOutRows {
  const { time } = mapping;
  const leftOut: LeftOutRows = { rows: 0, first: null };
  if (!('iso' in time || 'epoch' in time)) return leftOut;
  const column = 'iso' in time ? time.iso : time.epoch;
  rows.forEach((row, index) => {
    if (Number.isFinite(timeOf(row, index, mapping))) return;
    leftOut.rows++;
    leftOut.first ??= { row: index + 1, text: row[column]!.slice(0, SHOWN) };
  });
  return leftOut;
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

function callOf(row: Row, index: number, startedAt: number, mapping: CallMapping): ReplayCall {
  const call = createModelCall();
  const text = (spec: Cell | undefined): string => (spec === undefined ? '' : textOf(valueOf(spec, row)));
  call.service = text(mapping.service);
  call.tenant = text(mapping.tenant);
  call.model.name = text(mapping.model);
  call.model.version = text(mapping.version);
  call.startedAt = startedAt;
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

/** Start of the call of a row, seconds; NaN when it cannot be read. */
function timeOf(row: Row, index: number, { time }: CallMapping): number {
  if ('rowsPerSecond' in time) return index / time.rowsPerSecond;
  // Set for each guard-rail by itself, when it is known which rows it is about.
  if ('row' in time) return 0;
  if ('iso' in time) return Date.parse(withZone(row[time.iso]!)) / 1000;
  const raw = row[time.epoch]!;
  const number = Number(raw);
  // Milliseconds, microseconds and nanoseconds are told from seconds by their size.
  const scale = Math.abs(number) > 1e17 ? 1e9 : Math.abs(number) > 1e14 ? 1e6 : Math.abs(number) > 1e11 ? 1e3 : 1;
  return raw.trim() === '' ? NaN : number / scale;
}

/** Times without a zone are UTC, so that a replay says the same everywhere. */
function withZone(raw: string): string {
  const text = raw.trim().replace(/^(\d{4}-\d{2}-\d{2}) (\d)/, '$1T$2');
  return /T\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(text) ? `${text}Z` : text;
}
