import { getFieldDisplayName, type DataFrame, type PanelProps } from '@grafana/data';
import { SeriesTable, TimeSeries, TooltipPlugin2 } from '@grafana/ui';
import { LegendDisplayMode, type VizLegendOptions } from '@grafana/schema';
import { Exemplars } from './Exemplars';
import { Marks } from './Marks';
import { NoData } from './NoData';

const LEGEND: VizLegendOptions = {
  displayMode: LegendDisplayMode.List,
  placement: 'bottom',
  showLegend: true,
  calcs: [],
};

/** Values over time, with exemplars and annotations. */
export function TimeSeriesPanel(props: PanelProps<{ legend?: VizLegendOptions }>) {
  const { data, width, height, timeRange, timeZone, options, fieldConfig } = props;
  if (data.series.length === 0) return <NoData fieldConfig={fieldConfig} />;
  const frames = data.annotations ?? [];
  const exemplars = frames.filter(({ name }) => name === 'exemplar');
  const marks = frames.filter(({ name }) => name !== 'exemplar');
  return (
    <TimeSeries
      frames={data.series}
      timeRange={timeRange}
      timeZone={timeZone}
      width={width}
      height={height}
      legend={options.legend ?? LEGEND}
      options={options}
    >
      {(builder, aligned) => (
        <>
          <TooltipPlugin2
            config={builder}
            hoverMode={1}
            render={(_, indexes, __, ___, ____) => <Values frame={aligned} index={indexes[1] ?? null} />}
          />
          <Marks config={builder} frames={marks} />
          {/* Above the marks of events, which lead nowhere. */}
          <Exemplars config={builder} frames={exemplars} />
        </>
      )}
    </TimeSeries>
  );
}

function Values({ frame, index }: { frame: DataFrame; index: number | null }) {
  if (index === null) return null;
  const [time, ...fields] = frame.fields;
  const said = (field: (typeof frame.fields)[number]) => {
    const value = field.display?.(field.values[index]);
    return value === undefined ? String(field.values[index]) : `${value.text}${value.suffix ?? ''}`;
  };
  return (
    <div style={{ padding: 8 }}>
      <SeriesTable
        timestamp={time === undefined ? '' : said(time)}
        series={fields
          .filter((field) => (field.values[index] ?? null) !== null)
          .map((field) => ({
            color: field.display?.(field.values[index]).color ?? 'grey',
            label: getFieldDisplayName(field, frame),
            value: said(field),
          }))}
      />
    </div>
  );
}
