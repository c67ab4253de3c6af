import { FieldType, type DataFrame, type Field, type FieldConfig, type QueryResultMetaNotice } from '@grafana/data';

/** How a column of a table is made of its rows. */
export interface Column<T> {
  /** Stable: transformations and overrides of dashboards name it. */
  name: string;
  /** Head of the column; its name where nobody looks. */
  title?: string;
  type: FieldType;
  value: (row: T) => unknown;
  config?: FieldConfig;
}

/** Pixels, as the table of Grafana counts: date and time to the second, which its own least width cuts off. */
const TIME_WIDTH = 190;

/** A frame with a column for each, and hints for people who look at it. Times of rows are in seconds, those of frames in milliseconds. */
export function table<T>(
  refId: string,
  rows: readonly T[],
  columns: ReadonlyArray<Column<T>>,
  notices: QueryResultMetaNotice[] = [],
): DataFrame {
  const fields = columns.map(({ name, title, type, value, config }): Field => ({
    ...{ name, type },
    config: {
      ...(title === undefined ? {} : { displayNameFromDS: title }),
      ...(type === FieldType.time ? { custom: { minWidth: TIME_WIDTH } } : {}),
      ...config,
    },
    values: rows.map((row) => {
      const cell = value(row);
      return type === FieldType.time && typeof cell === 'number' ? cell * 1000 : (cell ?? null);
    }),
  }));
  return { refId, length: rows.length, fields, meta: { preferredVisualisationType: 'table', notices } };
}

/** The fields that any of the series has, in the order in which they come, as columns; what a series does not have is empty. */
export function seriesColumns<T>(
  rows: readonly T[],
  seriesOf: (row: T) => { [field: string]: string },
): Array<Column<T>> {
  const names = new Set(rows.flatMap((row) => Object.keys(seriesOf(row))));
  return [...names].map((name) => ({
    ...{ name, title: name, type: FieldType.string },
    value: (row: T) => seriesOf(row)[name],
  }));
}
