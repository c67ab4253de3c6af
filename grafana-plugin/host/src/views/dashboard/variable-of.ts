import { DataSourceVariable, QueryVariable, type SceneVariable } from '@grafana/scenes';
import type { VariableJson } from './dashboard-json';

/**
 * A variable of a dashboard. One that takes all begins with all, as in Grafana.
 *
 * @throws {Error} For a kind that the host does not know.
 */
export function variableOf(json: VariableJson): SceneVariable {
  const { name, label, type, query, datasource, multi, includeAll, allValue, refresh, sort } = json;
  const named = { name, ...(label === undefined ? {} : { label }) };
  if (type === 'datasource') return new DataSourceVariable({ ...named, pluginId: String(query) });
  if (type !== 'query') throw new Error(`The host draws no variable of type ${type}: ${name}`);
  return new QueryVariable({
    ...named,
    query,
    ...(datasource === undefined ? {} : { datasource }),
    isMulti: multi === true,
    includeAll: includeAll === true,
    defaultToAll: includeAll === true,
    ...(allValue === undefined ? {} : { allValue }),
    ...(refresh === undefined ? {} : { refresh: refresh as number }),
    ...(sort === undefined ? {} : { sort: sort as number }),
  });
}
