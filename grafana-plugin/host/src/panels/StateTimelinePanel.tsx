import { getFieldDisplayName, type Field, type PanelProps } from '@grafana/data';
import { AxisPlacement, UPlotChart, UPlotConfigBuilder, VizLayout, VizLegend, useTheme2 } from '@grafana/ui';
import { LegendDisplayMode, ScaleDirection, ScaleOrientation } from '@grafana/schema';
import { useMemo } from 'react';
import { NoData } from './NoData';

interface Options {
  rowHeight?: number;
}
interface Row {
  name: string;
  field: Field;
}

/** States of series over time: a row each, in the words and colours that the dashboard maps its values to. */
export function StateTimelinePanel(props: PanelProps<Options>) {
  const { data, width, height, timeRange, timeZone, options, fieldConfig } = props;
  const theme = useTheme2();
  const { rowHeight = 0.9 } = options;
  const times = data.series[0]?.fields[0]?.values as number[] | undefined;
  const rows = useMemo(
    () =>
      data.series.flatMap((frame): Row[] =>
        frame.fields.slice(1).map((field) => ({ name: getFieldDisplayName(field, frame, data.series), field })),
      ),
    [data.series],
  );
  const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  const config = useMemo(() => {
    const builder = new UPlotConfigBuilder(timeZone);
    const horizontal = { orientation: ScaleOrientation.Horizontal, direction: ScaleDirection.Right };
    const vertical = { orientation: ScaleOrientation.Vertical, direction: ScaleDirection.Down };
    builder.addScale({ ...horizontal, scaleKey: 'x', isTime: true, range: () => [from, to] });
    builder.addScale({ ...vertical, scaleKey: 'row', range: () => [0, rows.length] });
    builder.addAxis({ scaleKey: 'x', isTime: true, placement: AxisPlacement.Bottom, timeZone, theme });
    builder.addAxis({
      ...{ scaleKey: 'row', placement: AxisPlacement.Left, theme, grid: { show: false }, ticks: { show: false } },
      splits: rows.map((_, index) => index + 0.5),
      values: () => rows.map(({ name }) => name),
    });
    rows.forEach(({ field }, index) => {
      builder.addSeries({
        ...{ scaleKey: 'row', theme, pxAlign: false, pointsBuilder: false },
        pathBuilder: (u, _series, first, last) => {
          const top = u.valToPos(index + (1 - rowHeight) / 2, 'row', true);
          const bottom = u.valToPos(index + (1 + rowHeight) / 2, 'row', true);
          const moments = u.data[0];
          u.ctx.save();
          for (let point = first; point <= last; point++) {
            const value: unknown = field.values[point] ?? null;
            if (value === null) continue;
            const left = u.valToPos(moments[point]!, 'x', true);
            const right = u.valToPos(Math.min(moments[point + 1] ?? to, to), 'x', true);
            u.ctx.fillStyle = field.display?.(value).color ?? 'grey';
            u.ctx.fillRect(left, top, right - left + 0.5, bottom - top);
          }
          u.ctx.restore();
          return null;
        },
      });
    });
    return builder;
  }, [rows, rowHeight, from, to, timeZone, theme]);
  const states = useMemo(() => {
    const found = new Map<string, string>();
    for (const { field } of rows)
      for (const value of new Set(field.values as unknown[])) {
        if (value === null || value === undefined) continue;
        const { text, color } = field.display?.(value) ?? { text: String(value), color: undefined };
        found.set(text, color ?? 'grey');
      }
    return [...found].map(([label, color]) => ({ label, color, yAxis: 1 }));
  }, [rows]);

  if (times === undefined || rows.length === 0) return <NoData fieldConfig={fieldConfig} />;
  return (
    <VizLayout
      width={width}
      height={height}
      legend={
        <VizLayout.Legend placement="bottom">
          <VizLegend items={states} displayMode={LegendDisplayMode.List} placement="bottom" />
        </VizLayout.Legend>
      }
    >
      {(innerWidth, innerHeight) => (
        <UPlotChart
          config={config}
          data={[times, ...rows.map(({ field }) => field.values as number[])]}
          width={innerWidth}
          height={innerHeight}
        />
      )}
    </VizLayout>
  );
}
