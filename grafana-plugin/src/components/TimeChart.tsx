import { createDataFrame, FieldColorModeId, FieldType, type DataFrame } from '@grafana/data';
import React from 'react';
import { ChartLegend } from './ChartLegend';
import { TimeSeries } from './TimeSeries';

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
  if (times.length < 2) {
    return null;
  }
  return (
    <div aria-hidden="true">
      <TimeSeries
        frame={frameOf(times, lines)}
        from={times[0]!}
        to={times[times.length - 1]!}
        height={HEIGHT}
        sort="none"
        fieldConfig={{ defaults: { custom: { lineWidth: 2 } }, overrides: [] }}
      />
      <ChartLegend entries={lines.map(({ name }, index) => ({ name, color: colorOf(index) }))} />
    </div>
  );
}

function frameOf(times: readonly number[], lines: readonly Line[]): DataFrame {
  return createDataFrame({
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
}
