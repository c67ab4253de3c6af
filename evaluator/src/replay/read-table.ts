import { createModelCall, GuardspanError } from '@guardspan/policy';
import type { CallValue, ModelCall } from '@guardspan/policy';
import { parse } from 'csv-parse/sync';
import { CellReader, columnOf, delayOf, suggestMapping } from './call-mapping.js';
import type { CallMapping, Cell, DurationCell } from './call-mapping.js';
import { detectDelimiter } from './detect-delimiter.js';
import { formatReader, guessFormat, readIso } from './read-moment.js';
import { readNumber } from './read-value.js';
import type { ReplayCall } from './replay.js';

/** A row below the header: its number from 1 (empty lines are none), and the line of the file where it ends. */
interface Row {
  number: number;
  line: number;
  cells: Readonly<Record<string, string>>;
}

/** Rows of a table that have no time and are no calls. */
export interface LeftOutRows {
  rows: number;
  /** Number of the first of them, 1 for the row below the header, the line of the file where it ends, and what stands in its place of the time; null without any. */
  first: { row: number; line: number; text: string } | null;
}

/** What a table holds. */
export interface CallTable {
  calls: ReplayCall[];
  leftOut: LeftOutRows;
}

/** Characters of an unreadable cell that are shown. */
const SHOWN = 40;
const UNITS = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9, min: 60 } as const;

/**
 * Turns a table (CSV with a header) into calls in order of time. Rows whose time cannot be read are left out and counted.
 * @throws GuardspanError GUARDSPAN_TABLE for a table that cannot be read, has no row with a time, or has text where a number belongs, and GUARDSPAN_MAPPING for a column that it does not have or a mapping that is missing
 */
export function readTable(text: string, file: string, mapping: CallMapping | undefined): CallTable {
  const { columns, rows } = rowsOf(text, file, mapping?.delimiter ?? detectDelimiter(text));
  if (rows.length === 0)
    throw new GuardspanError(
      'GUARDSPAN_TABLE',
      `${file} has a header and no row, so there is no call to replay`,
      'write one call on each line below',
    );
  if (mapping === undefined) {
    throw new GuardspanError(
      'GUARDSPAN_MAPPING',
      `${file} is a table, and nothing says what its columns mean`,
      `write a file that ends in .mapping beside the guard-rails (or name it with --mapping), for example:\n\n${suggestMapping(columns)}\n`,
    );
  }
  checkColumns(mapping, columns, file);
  const moment = momentReader(mapping);
  const leftOut = withoutTime(rows, mapping, moment, file);
  const reader = new RowReader(mapping, file);
  const calls: ReplayCall[] = [];
  sortRows(rows, mapping.sort ?? []).forEach((row, index) => {
    const startedAt = moment(row, index);
    if (Number.isFinite(startedAt)) calls.push(reader.call(row, startedAt));
  });
  if (mapping.sort === undefined) calls.sort((a, b) => a.call.startedAt - b.call.startedAt);
  return { calls, leftOut };
}

function withoutTime(rows: readonly Row[], { time }: CallMapping, moment: Moment, file: string): LeftOutRows {
  const leftOut: LeftOutRows = { rows: 0, first: null };
  const column = 'iso' in time ? time.iso : 'epoch' in time ? time.epoch : 'column' in time ? time.column : undefined;
  if (column === undefined) return leftOut;
  for (const row of rows) {
    if (Number.isFinite(moment(row, 0))) continue;
    leftOut.rows++;
    leftOut.first ??= { row: row.number, line: row.line, text: row.cells[column]!.slice(0, SHOWN) };
  }
  if (leftOut.first !== null && leftOut.rows === rows.length) {
    const { row, text } = leftOut.first;
    const format = guessFormat(text);
    throw new GuardspanError(
      'GUARDSPAN_TABLE',
      `${file}: no row has a time that can be read: row ${row}, column "${column}": "${text}" is no time`,
      format === '' || 'column' in time
        ? 'iso reads 2026-01-31 or 2026-01-31T12:00:00Z, epoch reads seconds or milliseconds since 1970; any other form: time: {column: NAME, format: DD.MM.YYYY HH:mm}'
        : `write time: {column: ${JSON.stringify(column)}, format: ${JSON.stringify(format)}}, with DD and MM in the order in which the table has them`,
    );
  }
  return leftOut;
}

function rowsOf(text: string, file: string, delimiter: string): { columns: string[]; rows: Row[] } {
  let columns: string[] = [];
  const rows: Row[] = [];
  try {
    parse(text, {
      bom: true,
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      // A column that occurs twice keeps its first values; the others have their number in the header behind the name.
      columns: (names: string[]) => {
        const trimmed = names.map((name) => name.trim());
        columns = trimmed.map((name, index) => (trimmed.indexOf(name) === index ? name : `${name} (${index + 1})`));
        return columns;
      },
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      on_record: (cells: Record<string, string>, { lines }: { lines: number }) => {
        rows.push({ number: rows.length + 1, line: lines, cells });
        return null;
      },
    });
  } catch (error) {
    throw new GuardspanError(
      'GUARDSPAN_TABLE',
      `${file}: ${(error as Error).message}`,
      'write CSV with a header line, as many fields in each row, and quotes around fields that hold the delimiter, a quote (doubled) or a line break',
    );
  }
  if (columns.length === 0)
    throw new GuardspanError('GUARDSPAN_TABLE', `${file} is empty`, 'write CSV with a header line');
  return { columns, rows };
}

function checkColumns(mapping: CallMapping, columns: readonly string[], file: string): void {
  const { time, output } = mapping;
  const used: (string | undefined)[] = [...(mapping.sort ?? [])];
  if ('iso' in time) used.push(time.iso);
  if ('epoch' in time) used.push(time.epoch);
  if ('column' in time) used.push(time.column);
  const single: (Cell | DurationCell | undefined)[] = [
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
  const numeric = by.map((name) =>
    rows.every(({ cells }) => cells[name] !== '' && Number.isFinite(Number(cells[name]))),
  );
  return [...rows].sort(({ cells: a }, { cells: b }) => {
    for (const [index, name] of by.entries()) {
      const [x, y] = [a[name]!, b[name]!];
      const order = numeric[index] ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** Makes calls of rows. */
class RowReader {
  readonly #mapping: CallMapping;
  readonly #file: string;
  readonly #cells: CellReader;

  constructor(mapping: CallMapping, file: string) {
    this.#mapping = mapping;
    this.#file = file;
    this.#cells = new CellReader(mapping);
  }

  call(row: Row, startedAt: number): ReplayCall {
    const { cells } = row;
    const { service, tenant, model, version, duration, error, output, features } = this.#mapping;
    const read = this.#cells;
    const call = createModelCall();
    call.service = read.text(service, cells);
    call.tenant = read.text(tenant, cells);
    call.model.name = read.text(model, cells);
    call.model.version = read.text(version, cells);
    call.startedAt = startedAt;
    call.duration =
      this.#number(duration, row) * (typeof duration === 'object' && 'unit' in duration ? UNITS[duration.unit] : 1);
    call.error.type = read.text(error, cells);
    call.features = this.#values(features, row);
    call.output.label = read.text(output?.label, cells);
    call.output.score = this.#number(output?.score, row);
    call.output.values = this.#values(output?.values, row);
    const facts: ReplayCall['facts'] = [];
    for (const kind of ['group', 'truth'] as const) {
      for (const [name, spec] of Object.entries(this.#mapping[kind] ?? {})) {
        // A group that is not known is the empty one, which no test counts; a truth that is not known never comes.
        const value = kind === 'group' ? read.text(spec, cells) : read.value(spec, cells);
        if (value === undefined) continue;
        const delay = delayOf(spec);
        if (delay > 0) facts.push({ kind, name, value: String(value), delay });
        else (call[kind] as ModelCall['truth'])[name] = value;
      }
    }
    return { call, id: `row ${row.number}`, traceId: '', facts };
  }

  #values(specs: Readonly<Record<string, Cell>> | undefined, { cells }: Row): { [name: string]: CallValue } {
    const values: { [name: string]: CallValue } = {};
    for (const [name, spec] of Object.entries(specs ?? {})) {
      const value = this.#cells.value(spec, cells);
      if (value !== undefined) values[name] = value;
    }
    return values;
  }

  /** NaN when it is unknown. */
  #number(spec: Cell | DurationCell | undefined, { number, line, cells }: Row): number {
    if (spec === undefined) return NaN;
    const text = this.#cells.text(spec as Cell, cells);
    if (text === '') return NaN;
    const value = readNumber(text, { decimal: this.#mapping.decimal ?? '.' });
    if (!Number.isNaN(value)) return value;
    throw new GuardspanError(
      'GUARDSPAN_TABLE',
      `${this.#file}: row ${number} (line ${line}), column "${columnOf(spec) ?? ''}": "${text.slice(0, SHOWN)}" is no number`,
      'mend the cell, list the text under `missing` of the mapping if it means "unknown", or write `decimal: ","` if commas begin fractions',
    );
  }
}

/** Start of the call of a row at a place in the order of rows, seconds; NaN when it cannot be read. */
type Moment = (row: Row, index: number) => number;

function momentReader({ time }: CallMapping): Moment {
  if ('rowsPerSecond' in time) return (_row, index) => index / time.rowsPerSecond;
  // Set for each guard-rail by itself, when it is known which rows it is about.
  if ('row' in time) return () => 0;
  if ('iso' in time) return ({ cells }) => readIso(cells[time.iso]!);
  if ('column' in time) {
    const read = formatReader(time.format)!;
    return ({ cells }) => read(cells[time.column]!);
  }
  return ({ cells }) => {
    const raw = cells[time.epoch]!.trim();
    const number = Number(raw);
    // Milliseconds, microseconds and nanoseconds are told from seconds by their size.
    const scale = Math.abs(number) > 1e17 ? 1e9 : Math.abs(number) > 1e14 ? 1e6 : Math.abs(number) > 1e11 ? 1e3 : 1;
    return raw === '' ? NaN : number / scale;
  };
}
