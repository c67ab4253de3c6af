import { PluginExtensionPoints, dateTime } from '@grafana/data';

const to = dateTime();
const timeRange = { from: dateTime(to).subtract(1, 'hour').toISOString(), to: to.toISOString() };
const prometheus = { type: 'prometheus', uid: 'prometheus' };
const targets = [
  {
    refId: 'A',
    datasource: prometheus,
    expr: 'histogram_quantile(0.95, sum by (le) (rate(guardspan_call_duration_seconds_bucket{service="checkout", model="large-model"}[5m]))) > 2',
  },
];

/** What Grafana hands to links at each place, for one example. */
export const SAMPLE_CONTEXTS: ReadonlyArray<{ name: string; point: string; limit?: number; context: object }> = [
  {
    name: 'Menu of a panel that reads Prometheus',
    point: PluginExtensionPoints.DashboardPanelMenu,
    limit: 3,
    context: {
      ...{ pluginId: 'timeseries', id: 2, title: 'p95 of large-model', timeRange, timeZone: 'utc', targets },
      ...{ dashboard: { uid: 'abc', title: 'Checkout', tags: [] }, scopedVars: {} },
    },
  },
  {
    name: 'Toolbar of Explore',
    point: PluginExtensionPoints.ExploreToolbarAction,
    limit: 3,
    context: { exploreId: 'left', targets, timeRange, timeZone: 'utc', data: { series: [] } },
  },
  {
    name: 'Header of a trace',
    point: 'grafana/traceview/header/actions',
    limit: 2,
    context: {
      traceID: '4bf92f3577b34da6a3ce929d0e0e4736',
      spans: [],
      services: [{ name: 'checkout', numberOfSpans: 3 }],
      startTime: (to.valueOf() - 600_000) * 1000,
      endTime: (to.valueOf() - 599_000) * 1000,
      datasource: { name: 'Traces', uid: 'tempo', type: 'tempo' },
    },
  },
  { name: 'Command palette', point: PluginExtensionPoints.CommandPalette, context: {} },
];
