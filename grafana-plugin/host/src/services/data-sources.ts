import type { DataSourceApi, DataSourceInstanceSettings, DataSourcePlugin, DataSourceRef } from '@grafana/data';
import { config, type DataSourceSrv, type GetDataSourceListFilters } from '@grafana/runtime';
import { importModule } from '../plugins/shared-modules';

type Reference = DataSourceRef | string | null | undefined;

const instances = new Map<string, DataSourceApi>();
const runtime = new Map<string, DataSourceApi>();
const all = (): DataSourceInstanceSettings[] => Object.values(config.datasources);

function find(reference: Reference): DataSourceInstanceSettings | undefined {
  if (reference === undefined || reference === null || reference === 'default') {
    return all().find(({ isDefault }) => isDefault);
  }
  const { uid, type } = typeof reference === 'string' ? { uid: reference, type: undefined } : reference;
  return (
    all().find((settings) => settings.uid === uid || settings.name === uid) ??
    // A dashboard of another Grafana names data sources by a uid that is not here.
    all().find((settings) => settings.type === type)
  );
}

async function get(reference: Reference): Promise<DataSourceApi> {
  const uid = typeof reference === 'string' ? reference : (reference?.uid ?? '');
  const own = runtime.get(uid);
  if (own !== undefined) return own;
  const settings = find(reference);
  if (settings === undefined) throw new Error(`Datasource ${JSON.stringify(reference)} was not found`);
  const made = instances.get(settings.uid);
  if (made !== undefined) return made;
  if (settings.type === 'prometheus') {
    const { PrometheusSource } = await import('../prometheus/PrometheusSource');
    const source = new PrometheusSource(settings);
    source.meta = settings.meta;
    instances.set(settings.uid, source as unknown as DataSourceApi);
    return source as unknown as DataSourceApi;
  }
  if (settings.meta.module === '') throw new Error(`${settings.name} is only named in the host: it answers no query.`);
  const plugin = (await importModule(settings.meta.module)).plugin as DataSourcePlugin<DataSourceApi>;
  const instance = new plugin.DataSourceClass(settings);
  instance.components = plugin.components;
  instance.meta = settings.meta;
  instances.set(settings.uid, instance);
  return instance;
}

function fits(settings: DataSourceInstanceSettings, filters: GetDataSourceListFilters): boolean {
  const { meta } = settings;
  const { metrics, tracing, logs, annotations, alerting, pluginId, type, filter } = filters;
  return (
    (metrics !== true || meta.metrics === true) &&
    (tracing !== true || meta.tracing === true) &&
    (logs !== true || meta.logs === true) &&
    (annotations !== true || meta.annotations === true) &&
    (alerting !== true || meta.alerting === true) &&
    (pluginId === undefined || meta.id === pluginId) &&
    (type === undefined || [type].flat().includes(settings.type)) &&
    (filter === undefined || filter(settings))
  );
}

/** The nested data sources of the app, provisioned one each, a Prometheus, and those that the host only names. */
export const dataSources: DataSourceSrv = {
  get,
  getList: (filters = {}) => all().filter((settings) => fits(settings, filters)),
  getInstanceSettings: find,
  reload: () => instances.clear(),
  registerRuntimeDataSource: ({ dataSource }) => void runtime.set(dataSource.uid, dataSource),
};
