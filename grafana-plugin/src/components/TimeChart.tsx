import { createDataFrame, dateTime, FieldColorModeId, FieldType, LoadingState, type PanelData } from '@grafana/data';
import { config, PanelRenderer } from '@grafana/runtime';
import React from 'react';
import { ChartLegend } from './ChartLegend';
import { useWidth } from './useWidth';

const HEIGHT = 200;
/** Names of Grafana's palette, for one line after the other. */
const COLORS = ['blue', 'orange', 'purple', 'green', 'yellow', 'red'] as const;
const colorOf = (index: number): string => COLORS[index % COLORS.length]!;

/** Values over time under one name; null where there is none. */
export interface Line {
  name: string;
  values: ReadonlyArray<number | null>;
}
interface Props {
  /** Seconds from epoch, rising. */
  times: readonly number[];
  lines: readonly Line[];
}

/** Lines over time in Grafana's own panel. Its numbers must stand in the text beside it too: who cannot see it reads them there. */
export function TimeChart({ times, lines }: Props) {
  const [ref, width] = useWidth();
  if (times.length < 2) {
    return null;
  }
  return (
    <div ref={ref} aria-hidden="true">
      {width > 0 && (
        <PanelRenderer
          pluginId="timeseries"
          title=""
          width={width}
          height={HEIGHT}
          data={panelData(times, lines)}
          timeZone={config.bootData?.user?.timezone}
          options={{
            legend: { displayMode: 'list', placement: 'bottom', showLegend: false, calcs: [] },
            tooltip: { mode: 'multi', sort: 'none' },
          }}
          fieldConfig={{ defaults: { custom: { lineWidth: 2 } }, overrides: [] }}
        />
      )}
      <ChartLegend entries={lines.map(({ name }, index) => ({ name, color: colorOf(index) }))} />
    </div>
  );
}

function panelData(times: readonly number[], lines: readonly Line[]): PanelData {
  const from = dateTime(times[0]! * 1000);
  const to = dateTime(times[times.length - 1]! * 1000);
  const frame = createDataFrame({
    fields: [
      { name: 'time', type: FieldType.time, values: times.map((at) => at * 1000) },
      ...lines.map(({ name, values }, index) => ({
        name,
        type: FieldType.number,
        values: [...values],
        config: { color: { mode: FieldColorModeId.Fixed, fixedColor: colorOf(index) } },
      })),
    ],
  });
  return { state: LoadingState.Done, series: [frame], timeRange: { from, to, raw: { from, to } } };
}
