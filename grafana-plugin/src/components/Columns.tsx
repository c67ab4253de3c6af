import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';
import { tableStyle } from './tableStyle';

interface Column<T> {
  /** Heading, unique in the table. */
  title: string;
  cell: (row: T) => ReactNode;
}
interface Props<T> {
  label: string;
  columns: ReadonlyArray<Column<T>>;
  rows: readonly T[];
  /** Unique for each row. */
  keyOf: (row: T) => string;
}

/** A plain table for short lists; `InteractiveTable` of Grafana is for those that are sorted and paged. */
export function Columns<T>({ label, columns, rows, keyOf }: Props<T>) {
  const styles = useStyles2(getStyles);
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ title }) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ title, cell }) => (
              <td key={title}>{cell(row)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  table: css({
    ...tableStyle(theme),
    'tbody tr:last-child td': { borderBottom: 'none' },
  }),
});
