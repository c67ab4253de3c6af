import { PluginExtensionPoints } from '@grafana/data';
import { setTemplateSrv, type TemplateSrv } from '@grafana/runtime';
import { PLUGIN_ID } from '../constants';
import { plugin } from '../module';
import { links } from './links';

beforeEach(() =>
  setTemplateSrv({
    replace: (text: string, scoped: { [name: string]: { value: unknown } } = {}, format: (value: unknown) => string) =>
      text.replace(/\$(\w+)/g, (whole, name: string) => (scoped[name] ? format(scoped[name].value) : whole)),
  } as unknown as TemplateSrv),
);

const linkOf = (target: string) => links.find(({ targets }) => [targets].flat().includes(target))!;
const pathOf = (target: string, context: object): URLSearchParams | undefined => {
  const path = linkOf(target).configure!(context)?.path;
  return path === undefined ? undefined : new URL(path, 'http://grafana').searchParams;
};
const prometheus = { type: 'prometheus', uid: 'p' };
const panel = PluginExtensionPoints.DashboardPanelMenu;

it('are registered with the titles of plugin.json, each with a path of the app, as Grafana demands', () => {
  expect(plugin.addedLinkConfigs).toEqual(links);
  expect(links.map(({ path = '' }) => path.startsWith(`/a/${PLUGIN_ID}/`))).toEqual(links.map(() => true));
  expect(links.every(({ title, description }) => title.length >= 10 && (description ?? '') !== '')).toBe(true);
  const places = Object.values<string>(PluginExtensionPoints);
  expect(links.flatMap(({ targets }) => targets).filter((target) => !places.includes(target))).toEqual([]);
});

it('a panel hands on its query with the values of variables, its title and its threshold', () => {
  const steps = [{ value: -Infinity }, { value: 1 }, { value: 2.5 }];
  const query = pathOf(panel, {
    title: 'p95 & more',
    scopedVars: { model: { value: ['a', 'b.c'] } },
    targets: [
      { refId: 'A', hide: true, expr: 'hidden', datasource: prometheus },
      { refId: 'B', expr: 'x{model=~"$model"}', datasource: prometheus },
      { refId: 'C', expr: 'y', datasource: prometheus },
    ],
    data: { series: [{ fields: [{ config: {} }, { config: { thresholds: { mode: 'absolute', steps } } }] }] },
  })!;
  expect(Object.fromEntries(query)).toEqual({
    ...{ expr: 'x{model=~"a|b.c"}', title: 'p95 & more', others: '1', threshold: '2.5' },
  });
});

it('hands on no threshold where the panel has none, or one of percent of its axis', () => {
  const targets = [{ expr: 'x', datasource: prometheus }];
  expect(pathOf(panel, { targets })!.has('threshold')).toBe(false);
  const thresholds = { mode: 'percentage', steps: [{ value: 80 }] };
  expect(
    pathOf(panel, { targets, data: { series: [{ fields: [{ config: { thresholds } }] }] } })!.has('threshold'),
  ).toBe(false);
});

it.each([
  ['no query', {}],
  ['a query of another language', { targets: [{ expr: '{app="x"}', datasource: { type: 'loki' } }] }],
  ['a query without a text', { targets: [{ refId: 'A', datasource: prometheus }] }],
])('is not shown for %s', (_, context) => {
  expect(pathOf(panel, context)).toBeUndefined();
});

it('Explore hands on its query too, of any data source that speaks PromQL', () => {
  const datasource = { type: 'grafana-amazonprometheus-datasource' };
  const query = pathOf(PluginExtensionPoints.ExploreToolbarAction, { targets: [{ expr: 'up', datasource }] })!;
  expect(query.get('expr')).toBe('up');
});

it('bounds the address', () => {
  const query = pathOf(panel, { targets: [{ expr: 'x'.repeat(10_000), datasource: prometheus }] })!;
  expect(query.get('expr')).toHaveLength(4000);
});

it('a trace leads to what guard-rails did with it', () => {
  const { configure } = linkOf(PluginExtensionPoints.TraceViewHeaderActions);
  expect(configure!({ traceID: 'abc' })).toEqual({ path: `/a/${PLUGIN_ID}/traces/abc` });
  expect(configure!({})).toBeUndefined();
});
