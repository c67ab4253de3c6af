import { oneLine } from '@guardspan/policy';

/** Columns padded to their widest cell, two spaces between, as kubectl prints them. */
export function table(header: readonly string[], texts: readonly (readonly string[])[]): string {
  // What people and calls wrote must neither begin a row nor steer the terminal.
  const rows = texts.map((row) => row.map((cell) => oneLine(cell)));
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [header, ...rows]
    .map(
      (row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd() + '\n',
    )
    .join('');
}
