import { FieldType, type DataFrame, type Field } from '@grafana/data';
import type { Labels, Series, SeriesExemplars } from './prometheus-api';

/** What a query says about its answer. */
interface Shape {
  refId: string;
  /** With `{{label}}`; empty or `__auto` for all labels. */
  legend: string;
}

const number = (text: string): number => (text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text));

/**
 * One frame for each series, as Grafana's data source makes them: its name is the legend, its labels stay with the values.
 *
 * @param grid moments that a range query asked for, milliseconds: where a series has no value there is a gap, not a line across it
 */
export function seriesFrames(
  series: readonly Series[],
  { refId, legend }: Shape,
  grid?: readonly number[],
): DataFrame[] {
  return series.map(({ metric, value, values }) => {
    const points = values ?? (value === undefined ? [] : [value]);
    const known = new Map(points.map(([time, text]) => [Math.round(time * 1000), number(text)]));
    const times = grid ?? [...known.keys()];
    const { __name__: name, ...labels } = metric;
    return {
      refId,
      length: times.length,
      fields: [
        field('Time', FieldType.time, [...times]),
        {
          ...field(
            'Value',
            FieldType.number,
            times.map((time) => known.get(time) ?? null),
          ),
          labels,
          config: { displayNameFromDS: legendOf(legend, metric, name) },
        },
      ],
    };
  });
}

/** One frame with a column for each label, as the format "table" of Grafana's data source. */
export function tableFrame(series: readonly Series[], { refId }: Shape): DataFrame {
  const labels = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].sort();
  const points = series.map(({ value, values }) => value ?? values?.at(-1));
  return {
    refId,
    length: series.length,
    fields: [
      field(
        'Time',
        FieldType.time,
        points.map((point) => (point === undefined ? null : point[0] * 1000)),
      ),
      ...labels.map((label) => ({
        ...field(
          label,
          FieldType.string,
          series.map(({ metric }) => metric[label] ?? ''),
        ),
        config: { filterable: true },
      })),
      field(
        'Value',
        FieldType.number,
        points.map((point) => (point === undefined ? null : number(point[1]))),
      ),
    ],
  };
}

/**
 * Exemplars as points of time, value and labels; panels get them apart from the series. Of those in one step only the greatest is kept, so that
 * marks can be told apart.
 *
 * @param step seconds
 */
export function exemplarFrame(series: readonly SeriesExemplars[], refId: string, step: number): DataFrame {
  const every = series
    .flatMap(({ seriesLabels, exemplars }) =>
      exemplars.map(({ labels, value, timestamp }) => ({ labels: { ...seriesLabels, ...labels }, value, timestamp })),
    )
    .sort((a, b) => number(a.value) - number(b.value));
  const all = [...new Map(every.map((one) => [Math.floor(one.timestamp / step), one])).values()].sort(
    (a, b) => a.timestamp - b.timestamp,
  );
  const names = [...new Set(all.flatMap(({ labels }) => Object.keys(labels)))].sort();
  return {
    name: 'exemplar',
    refId,
    length: all.length,
    fields: [
      field(
        'Time',
        FieldType.time,
        all.map(({ timestamp }) => timestamp * 1000),
      ),
      field(
        'Value',
        FieldType.number,
        all.map(({ value }) => number(value)),
      ),
      ...names.map((name) =>
        field(
          name,
          FieldType.string,
          all.map(({ labels }) => labels[name] ?? ''),
        ),
      ),
    ],
  };
}

/** A legend with its labels filled in; without one, the labels as they stand in PromQL. */
function legendOf(legend: string, metric: Labels, name = ''): string {
  if (legend !== '' && legend !== '__auto')
    return legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => metric[label] ?? '');
  const labels = Object.entries(metric).filter(([label]) => label !== '__name__');
  if (labels.length === 1) return labels[0]![1];
  const written = labels.map(([label, value]) => `${label}="${value}"`).join(', ');
  return written === '' ? name || 'Value' : `${name}{${written}}`;
}

function field(name: string, type: FieldType, values: Array<number | string | null>): Field {
  return { name, type, values, config: {} };
}
