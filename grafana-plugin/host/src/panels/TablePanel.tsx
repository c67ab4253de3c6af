import type { PanelProps } from '@grafana/data';
import { Table } from '@grafana/ui';
import { NoData } from './NoData';

/** The first frame as a table. */
export function TablePanel({ data, width, height, fieldConfig }: PanelProps) {
  const [frame] = data.series;
  if (frame === undefined || frame.length === 0) return <NoData fieldConfig={fieldConfig} />;
  return <Table data={frame} width={width} height={height} enablePagination={false} />;
}
