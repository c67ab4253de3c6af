import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { applySpec } from './apply-spec.js';
import type { PanelSpec } from './spec.js';

/** How the labels of series become columns. */
export interface TableOptions {
  /** Labels to columns, in their order, under these headings. */
  columns: { readonly [label: string]: string };
  /** Heading of the value; without one it is not shown. */
  value?: string;
  /** Label after which the value stands; last without one. */
  valueAfter?: string;
  /** Instead of one row for each series: a matrix of two labels. */
  matrix?: { row: string; column: string };
}

/** Series at the end of the time range as rows. */
export function table(spec: PanelSpec, { columns, value, valueAfter, matrix }: TableOptions): PanelBuilder {
  // Grafana's own least width hides most columns of a table that is half a window wide.
  const panel = applySpec(new PanelBuilder(), spec, 'table').filterable(true).minWidth(70);
  // A unit of time would read names of models as dates; it belongs to the value alone.
  if (spec.unit.startsWith('dateTime') && value !== undefined)
    panel.unit('none').overrideByName(value, [
      { id: 'unit', value: spec.unit },
      { id: 'custom.width', value: 150 },
    ]);
  // What the panel says without rows is no word for a label that is empty.
  // Between two texts a number to the right would be read as part of the second.
  if (value !== undefined && valueAfter !== undefined)
    panel.overrideByName(value, [{ id: 'custom.align', value: 'left' }]);
  panel.overrideByFieldType('string', [{ id: 'noValue', value: '–' }]);
  const labels = Object.keys(columns);
  const names = [...labels];
  if (value !== undefined)
    names.splice(valueAfter === undefined ? labels.length : labels.indexOf(valueAfter) + 1, 0, 'Value');
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
