import { CustomVariableSupport, type DataQueryRequest, type DataQueryResponse } from '@grafana/data';
import { from, type Observable } from 'rxjs';
import { later, translated } from '../lazy';
import type { GuardrailsDataSource } from './GuardrailsDataSource';
import type { VariableQuery } from './query';

/** Variables of dashboards: guard-rails, owners, models, versions, services and environments. */
export class GuardrailsVariables extends CustomVariableSupport<GuardrailsDataSource, VariableQuery> {
  editor = later(() => import('./editors/VariableEditor'));

  override getDefaultQuery(): Partial<VariableQuery> {
    return { values: 'guardrail' };
  }

  override query({ targets: [query], scopedVars }: DataQueryRequest<VariableQuery>): Observable<DataQueryResponse> {
    const answer = async (): Promise<DataQueryResponse> => {
      if (query === undefined) {
        return { data: [] };
      }
      const { askValues } = await translated(() => import('./asking'));
      return { data: await askValues(query, scopedVars, new AbortController().signal) };
    };
    return from(answer());
  }
}
