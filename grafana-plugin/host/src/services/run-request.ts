import {
  DataTopic,
  LoadingState,
  toDataFrame,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceApi,
  type PanelData,
} from '@grafana/data';
import { catchError, from, isObservable, map, of, type Observable } from 'rxjs';

/** Runs a query as Grafana's core does: frames to `series`, annotation frames to `annotations`, what fails to `error`. */
export function runRequest(
  source: DataSourceApi,
  request: DataQueryRequest,
  queryFunction?: DataSourceApi['query'],
): Observable<PanelData> {
  const base: PanelData = { state: LoadingState.Loading, series: [], request, timeRange: request.range };
  const failed = (error: unknown): PanelData => ({
    ...base,
    state: LoadingState.Error,
    error: { message: error instanceof Error ? error.message : String((error as { statusText?: string }).statusText) },
  });
  try {
    const answer = queryFunction === undefined ? source.query(request) : queryFunction(request);
    const answers = isObservable(answer) ? (answer as Observable<DataQueryResponse>) : from(answer);
    return answers.pipe(
      map(({ data, state, error, errors }) => {
        const frames: DataFrame[] = data.map(toDataFrame);
        const isAnnotation = ({ meta }: DataFrame) => meta?.dataTopic === DataTopic.Annotations;
        return {
          ...base,
          state: state ?? LoadingState.Done,
          series: frames.filter((frame) => !isAnnotation(frame)),
          annotations: frames.filter(isAnnotation),
          ...(error === undefined ? {} : { error, state: LoadingState.Error }),
          ...(errors === undefined ? {} : { errors }),
        };
      }),
      catchError((error: unknown) => of(failed(error))),
    );
  } catch (error) {
    return of(failed(error));
  }
}
