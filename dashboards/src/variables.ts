import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@guardspan/policy';
import { selector } from './query/selector.js';

/** The one data source of a dashboard. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

/** Which Prometheus is asked. */
export function datasourceVariable(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');
}

/** Guard-rails of whom; narrows the list of guard-rails. */
function ownerVariable(): QueryVariableBuilder {
  return labelVariable('owner', 'Owner', selector(METRIC.GUARDRAIL_INFO)).multi(true).includeAll(true).allValue('.*');
}

/** Guard-rails. The choice of all is the list that is narrowed by owner, so that the owner counts. */
function guardrailVariable(): QueryVariableBuilder {
  return labelVariable('guardrail', 'Guard-rail', selector(METRIC.GUARDRAIL_INFO, { owner: '$owner' }))
    .multi(true)
    .includeAll(true);
}

/** One guard-rail. */
function oneGuardrailVariable(): QueryVariableBuilder {
  return labelVariable('guardrail', 'Guard-rail', selector(METRIC.GUARDRAIL_INFO, { owner: '$owner' }));
}

/** Environments in which models are called. */
function environmentVariable(): QueryVariableBuilder {
  return labelVariable('environment', 'Environment', selector(METRIC.MODEL_INFO))
    .multi(true)
    .includeAll(true)
    .allValue('.*');
}

/** Services that call models. */
function serviceVariable(): QueryVariableBuilder {
  return labelVariable('service', 'Service', selector(METRIC.MODEL_INFO, { environment: '$environment' }))
    .multi(true)
    .includeAll(true)
    .allValue('.*');
}

/** Models. */
function modelVariable(): QueryVariableBuilder {
  const models = selector(METRIC.MODEL_INFO, { environment: '$environment', service: '$service' });
  return labelVariable('model', 'Model', models).multi(true).includeAll(true).allValue('.*');
}

/** What a dashboard can be narrowed by, by the name that its source uses. */
export const VARIABLES = {
  owner: ownerVariable,
  guardrail: guardrailVariable,
  oneGuardrail: oneGuardrailVariable,
  environment: environmentVariable,
  service: serviceVariable,
  model: modelVariable,
} as const;
export type VariableName = keyof typeof VARIABLES;

function labelVariable(name: string, label: string, series: string): QueryVariableBuilder {
  const query = `label_values(${series}, ${name})`;
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query({ query, refId: 'PrometheusVariableQueryEditor-VariableQuery' })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc);
}
