import { dateTime, LoadingState, type DataFrame, type FieldConfigSource } from '@grafana/data';
import { config, PanelRenderer } from '@grafana/runtime';
import React from 'react';
import { useWidth } from './useWidth';

interface Props {
  frame: DataFrame;
  /** Ends of the axis, seconds from epoch. */
  from: number;
  to: number;
  /** Pixels. */
  height: number;
  sort: 'none' | 'desc';
  fieldConfig: FieldConfigSource;
}

/** Grafana's own panel over the width that there is, in the reader's time zone, without its legend: `ChartLegend` is ours. */
export function TimeSeries({ frame, from, to, height, sort, fieldConfig }: Props) {
  const [ref, width] = useWidth();
  const range = { from: dateTime(from * 1000), to: dateTime(to * 1000) };
  return (
    <div ref={ref} style={{ height }}>
      {width > 0 && (
        <PanelRenderer
          pluginId="timeseries"
          title=""
          width={width}
          height={height}
          data={{ state: LoadingState.Done, series: [frame], timeRange: { ...range, raw: range } }}
          timeZone={config.bootData?.user?.timezone}
          options={{
            legend: { displayMode: 'list', placement: 'bottom', showLegend: false, calcs: [] },
            tooltip: { mode: 'multi', sort },
          }}
          fieldConfig={fieldConfig}
        />
      )}
    </div>
  );
}
