import {
  DataSourceApi,
  DataTopic,
  LoadingState,
  type AnnotationEvent,
  type AnnotationQuery,
  type AnnotationSupport,
  type DataFrame,
  type DataQuery,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceInstanceSettings,
  type DataSourceJsonData,
  type MetricFindValue,
} from '@grafana/data';
import { from, map, of, type Observable } from 'rxjs';
import { fillIn } from './fill-in';
import { intervalsOf } from './intervals';
import { PrometheusApi } from './prometheus-api';
import { exemplarFrame, seriesFrames, tableFrame } from './to-frames';

interface PromQuery extends DataQuery {
  expr: string;
  format?: 'table' | 'time_series';
  instant?: boolean;
  exemplar?: boolean;
  legendFormat?: string;
  /** Shortest distance of two points, like `15s`. */
  interval?: string;
}

/** Settings that the host's server gives a Prometheus. */
export interface PromSettings extends DataSourceJsonData {
  /** Between two scrapes, like `15s`. */
  timeInterval?: string;
  exemplarTraceIdDestinations?: Array<{ name: string; datasourceUid: string }>;
}

/** Exemplars that a chart shows at most. */
const MARKS = 60;

type PromAnnotation = AnnotationQuery<PromQuery> & { [key: string]: unknown };

const secondsOf = (text = ''): number => {
  const [, amount, unit] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
  return Number(amount ?? 0) * ({ ms: 0.001, s: 1, m: 60, h: 3600 }[unit ?? 's'] ?? 1);
};

/** As much of Grafana's Prometheus data source as dashboards ask for: queries, tables, exemplars, `label_values`, annotations. */
export class PrometheusSource extends DataSourceApi<PromQuery, PromSettings> {
  readonly #api: PrometheusApi;
  readonly #scrape: number;
  readonly #traces: PromSettings['exemplarTraceIdDestinations'];

  constructor(settings: DataSourceInstanceSettings<PromSettings>) {
    super(settings);
    this.#api = new PrometheusApi(settings.url ?? '');
    this.#scrape = secondsOf(settings.jsonData.timeInterval) || 15;
    this.#traces = settings.jsonData.exemplarTraceIdDestinations;
  }

  override query(request: DataQueryRequest<PromQuery>): Observable<DataQueryResponse> {
    const asked = request.targets.filter(({ hide, expr }) => hide !== true && (expr ?? '') !== '');
    return from(Promise.all(asked.map((query) => this.#ask(query, request)))).pipe(
      map((frames) => ({ data: frames.flat(), state: LoadingState.Done })),
    );
  }

  /** Values of `label_values(selector, label)`, as variables ask for them. */
  override async metricFindQuery(
    query: string | { query: string },
    { range, scopedVars = {} }: { range?: DataQueryRequest['range']; scopedVars?: DataQueryRequest['scopedVars'] } = {},
  ): Promise<MetricFindValue[]> {
    const text = typeof query === 'string' ? query : query.query;
    const [, selector, label] = /^label_values\((.+),\s*(\w+)\)$/.exec(text) ?? [];
    if (selector === undefined || label === undefined || range === undefined)
      throw new Error(`The stand-in fills variables by label_values(selector, label) only, not by ${text}`);
    const found = await this.#api.series(fillIn(selector, scopedVars), range);
    const values = new Set(found.map((labels) => labels[label]).filter((value) => value !== undefined));
    return [...values].sort().map((value) => ({ text: value, value }));
  }

  override testDatasource(): Promise<{ status: string; message: string }> {
    return this.#api
      .instant('vector(1)', Date.now() / 1000)
      .then(() => ({ status: 'success', message: 'It answers.' }));
  }

  override annotations: AnnotationSupport<PromQuery, PromAnnotation> = {
    prepareAnnotation: (json: PromAnnotation) => json,
    prepareQuery: ({ expr, step }) => ({
      ...{ refId: 'Anno', expr: String(expr), legendFormat: '' },
      ...(typeof step === 'string' ? { interval: step } : {}),
    }),
    processEvents: (annotation, frames) => of(this.#eventsOf(annotation, frames)),
  };

  async #ask(query: PromQuery, request: DataQueryRequest<PromQuery>): Promise<DataFrame[]> {
    const { range, intervalMs, scopedVars } = request;
    const { step, variables } = intervalsOf(
      range,
      Math.max(intervalMs / 1000, secondsOf(query.interval)),
      this.#scrape,
    );
    const expr = fillIn(query.expr, { ...scopedVars, ...variables });
    const shape = { refId: query.refId, legend: query.legendFormat ?? '' };
    if (query.instant === true) {
      const series = await this.#api.instant(expr, range.to.valueOf() / 1000);
      if (query.format === 'table') return series.length === 0 ? [] : [tableFrame(series, shape)];
      return seriesFrames(series, shape);
    }
    const [series, exemplars] = await Promise.all([
      this.#api.range(expr, range, step),
      query.exemplar === true ? this.#exemplars(expr, request, query.refId) : [],
    ]);
    const frames = seriesFrames(series, shape, gridOf(range, step));
    return [...frames.map((frame) => ({ ...frame, meta: { custom: { step } } })), ...exemplars];
  }

  async #exemplars(expr: string, { range }: DataQueryRequest, refId: string): Promise<DataFrame[]> {
    const seconds = (range.to.valueOf() - range.from.valueOf()) / 1000;
    const frame = exemplarFrame(await this.#api.exemplars(expr, range), refId, seconds / MARKS);
    for (const field of frame.fields) {
      const destination = this.#traces?.find(({ name }) => name === field.name);
      if (destination === undefined) continue;
      field.config.links = [{ title: 'Query with Traces', url: exploreUrl(destination.datasourceUid, range) }];
    }
    frame.meta = { dataTopic: DataTopic.Annotations, custom: { resultType: 'exemplar' } };
    return frame.length === 0 ? [] : [frame];
  }

  /** Points that follow each other without a gap are one event with a beginning and an end. */
  #eventsOf({ titleFormat, textFormat, tagKeys }: PromAnnotation, frames: readonly DataFrame[]): AnnotationEvent[] {
    return frames.flatMap(({ meta, fields: [times, values] }) => {
      const gap = Number(meta?.custom?.step ?? this.#scrape) * 1000;
      const labels = values?.labels ?? {};
      const said = (format: unknown) =>
        String(format ?? '').replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
      const tags = String(tagKeys ?? '')
        .split(',')
        .map((key) => labels[key.trim()])
        .filter((tag) => tag !== undefined);
      const moments = (times?.values ?? []).filter((_, index) => (values?.values[index] ?? null) !== null) as number[];
      const events: AnnotationEvent[] = [];
      for (const time of moments) {
        const last = events.at(-1);
        if (last !== undefined && time - (last.timeEnd ?? last.time!) <= gap) last.timeEnd = time;
        else events.push({ time, timeEnd: time, title: said(titleFormat), text: said(textFormat), tags });
      }
      return events.map((event) => ({ ...event, isRegion: event.timeEnd! > event.time! }));
    });
  }
}

/** Explore with the trace of a field's value, over the time that the panel shows. */
function exploreUrl(datasource: string, range: DataQueryRequest['range']): string {
  const pane = {
    datasource,
    queries: [{ refId: 'A', queryType: 'traceql', query: 'TRACE' }],
    range: { from: String(range.from.valueOf()), to: String(range.to.valueOf()) },
  };
  const panes = encodeURIComponent(JSON.stringify({ trace: pane })).replace('TRACE', '${__value.raw}');
  return `/explore?schemaVersion=1&panes=${panes}`;
}

function gridOf(range: DataQueryRequest['range'], step: number): number[] {
  const first = Math.floor(range.from.valueOf() / 1000 / step) * step;
  const last = Math.floor(range.to.valueOf() / 1000 / step) * step;
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => (first + index * step) * 1000);
}
