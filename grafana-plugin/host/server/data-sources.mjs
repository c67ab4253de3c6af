const LOGO = 'public/build/img/icons/unicons/database.svg';

/**
 * Data sources of the host, as Grafana tells the browser of them: the app's own, one each; a Prometheus when there is one; one for traces.
 *
 * @param {{ subPath: string, own: { type: string, name: string, meta: object }[], prometheus: string | undefined, scrapeInterval: string }} options
 *   `own` are the nested plugins of the app.
 * @returns {Record<string, object>} By name.
 */
export function listDataSources({ subPath, own, prometheus, scrapeInterval }) {
  const traces = { type: 'tempo', name: 'Traces (stand-in)', meta: coreSource('tempo', 'Traces (stand-in)') };
  const metrics = {
    type: 'prometheus',
    name: 'Prometheus',
    meta: coreSource('prometheus', 'Prometheus'),
    jsonData: {
      timeInterval: scrapeInterval,
      exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: traces.type }],
    },
  };
  return Object.fromEntries(
    [...own, ...(prometheus === undefined ? [] : [metrics]), traces].map(
      ({ type, name, meta, jsonData = {} }, index) => [
        name,
        {
          ...{ id: index + 1, uid: type, type, name, meta, access: 'proxy', isDefault: index === 0, readOnly: true },
          ...{ url: `${subPath}/api/datasources/proxy/uid/${type}`, jsonData, cachingConfig: {} },
        },
      ],
    ),
  );
}

/** A data source of Grafana's core: no module of it is loaded, the host brings what answers for it. */
function coreSource(id, name) {
  return {
    ...{ id, name, type: 'datasource', module: '', baseUrl: '' },
    ...(id === 'tempo' ? { tracing: true } : { metrics: true, annotations: true }),
    info: { author: { name: '' }, description: '', links: [], logos: { small: LOGO, large: LOGO }, version: '' },
  };
}
