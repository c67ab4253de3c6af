import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { applySpec } from './apply-spec.js';
import type { PanelSpec } from './spec.js';

/** How the labels of series become columns. */
export interface TableOptions {
  /** Labels to columns, in their order, under these headings. */
  columns: { readonly [label: string]: string };
  /** Heading of the value; without one it is not shown. */
  value?: string;
  /** Instead of one row for each series: a matrix of two labels. */
  matrix?: { row: string; column: string };
}

/** Series at the end of the time range as rows. */
export function table(spec: PanelSpec, { columns, value, matrix }: TableOptions): PanelBuilder {
  const panel = applySpec(new PanelBuilder(), spec, 'table').filterable(true);
  // A unit of time would read names of models as dates; it belongs to the value alone.
  if (spec.unit.startsWith('dateTime') && value !== undefined)
    panel.unit('none').overrideByName(value, [{ id: 'unit', value: spec.unit }]);
  const labels = Object.keys(columns);
  const names = [...labels, ...(value === undefined ? [] : ['Value'])];
  panel.withTransformation({
    id: 'filterFieldsByName',
    options: {
      include: {
        pattern: `^(${[...labels, ...(value === undefined && matrix === undefined ? [] : ['Value'])].join('|')})$`,
      },
    },
  });
  if (matrix !== undefined)
    return panel.withTransformation({
      id: 'groupingToMatrix',
      options: { rowField: matrix.row, columnField: matrix.column, valueField: 'Value', emptyValue: 'zero' },
    });
  return panel.withTransformation({
    id: 'organize',
    options: {
      excludeByName: {},
      indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
      renameByName: { ...columns, ...(value === undefined ? {} : { Value: value }) },
    },
  });
}
