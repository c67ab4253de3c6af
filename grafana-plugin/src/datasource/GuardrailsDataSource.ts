import {
  DataSourceApi,
  LoadingState,
  type AnnotationSupport,
  type DataFrame,
  type DataQueryError,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceInstanceSettings,
  type ScopedVars,
} from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import { Observable } from 'rxjs';
import { translated } from '../lazy';
import { DEFAULT_TOPIC, type Conditions, type GuardrailsQuery } from './query';
import { GuardrailsVariables } from './GuardrailsVariables';

/** Loads what asks the evaluator: Grafana loads this file for each dashboard that names the data source. */
const asking = () => translated(() => import('./asking'));

/** Verdicts, dispositions, evidence, series, coverage and processes of the evaluator that the app is connected to, through the app's proxy. */
export class GuardrailsDataSource extends DataSourceApi<GuardrailsQuery> {
  override annotations: AnnotationSupport<GuardrailsQuery> = {
    getDefaultQuery: () => ({ topic: 'verdicts' }),
    prepareQuery: ({ target }) => ({
      ...(target ?? { refId: 'Anno' }),
      topic: target?.topic === 'revisions' ? 'revisions' : 'verdicts',
      annotation: true,
    }),
  };

  constructor(settings: DataSourceInstanceSettings) {
    super(settings);
    this.variables = new GuardrailsVariables();
  }

  override getDefaultQuery(): Partial<GuardrailsQuery> {
    return { topic: DEFAULT_TOPIC };
  }

  /** A query that was made for another data source names no topic. */
  override filterQuery(query: GuardrailsQuery): boolean {
    return typeof query.topic === 'string' && query.hide !== true;
  }

  override getQueryDisplayText({ topic, guardrail = '' }: GuardrailsQuery): string {
    return [topic, guardrail].filter((part) => part !== '').join(' ');
  }

  /** Explore takes queries with the values of variables. */
  override interpolateVariablesInQueries(queries: GuardrailsQuery[], scopedVars: ScopedVars): GuardrailsQuery[] {
    const names = ['guardrail', 'owner', 'model', 'service'] satisfies Array<keyof Conditions>;
    return queries.map((query) => ({
      ...query,
      ...Object.fromEntries(
        names.flatMap((name) => (query[name] ? [[name, getTemplateSrv().replace(query[name], scopedVars)]] : [])),
      ),
    }));
  }

  /** Frames of each query; what fails is told of its query, and the others are shown. */
  override query({ targets, range, scopedVars }: DataQueryRequest<GuardrailsQuery>): Observable<DataQueryResponse> {
    return new Observable((subscriber) => {
      const abort = new AbortController();
      const span = { from: range.from.valueOf() / 1000, to: range.to.valueOf() / 1000 };
      const shown = targets.filter((query) => this.filterQuery(query));
      void (async () => {
        const { ask, wordsOf } = await asking();
        const data: DataFrame[] = [];
        const errors: DataQueryError[] = [];
        const answers = await Promise.allSettled(shown.map((query) => ask(query, span, scopedVars, abort.signal)));
        answers.forEach((answer, index) =>
          answer.status === 'fulfilled'
            ? data.push(...answer.value)
            : errors.push({ refId: shown[index]!.refId, message: wordsOf(answer.reason) }),
        );
        if (errors.length > 0 && errors.length === answers.length) {
          throw new Error(errors[0]!.message);
        }
        subscriber.next({
          data,
          state: errors.length > 0 ? LoadingState.Error : LoadingState.Done,
          ...(errors.length > 0 ? { errors } : {}),
        });
        subscriber.complete();
      })().catch((error: unknown) => subscriber.error(error));
      return () => abort.abort();
    });
  }

  /** Asks the evaluator who we are, and names what is wrong. */
  async testDatasource(): Promise<{ status: 'success' | 'error'; message: string }> {
    const { test } = await asking();
    return test();
  }
}
