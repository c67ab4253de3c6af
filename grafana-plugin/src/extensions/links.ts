import type { PluginExtensionAddedLinkConfig, ScopedVars } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import pluginJson from '../plugin.json';
import { paths, type PanelQuery } from '../routing/routes';

// Imports of this file are loaded with every page of Grafana.

/** What Grafana hands to links about a panel or a query, as far as it is read here. */
interface QueryContext {
  title?: string;
  scopedVars?: ScopedVars;
  targets?: ReadonlyArray<{ refId?: string; hide?: boolean; expr?: unknown; datasource?: { type?: string } | null }>;
  data?: {
    series?: ReadonlyArray<{
      fields: ReadonlyArray<{
        config?: { thresholds?: { mode: string; steps: ReadonlyArray<{ value: number | null }> } };
      }>;
    }>;
  };
}
interface TraceContext {
  traceID?: string;
}

/** Longest text of queries that an address takes. */
const LONGEST = 4000;

/** The queries of Prometheus in a context, with the values of variables; undefined where there are none. */
export function fromQueries({ title = '', targets = [], scopedVars, data }: QueryContext): PanelQuery | undefined {
  const isPrometheus = (type = 'prometheus') => type.includes('prometheus');
  const expressions = targets.flatMap(({ hide, expr, datasource }) =>
    hide !== true && typeof expr === 'string' && expr.trim() !== '' && isPrometheus(datasource?.type)
      ? [getTemplateSrv().replace(expr, scopedVars, asRegExp)]
      : [],
  );
  if (expressions.length === 0) {
    return undefined;
  }
  const [first = '', ...others] = expressions;
  return {
    title,
    expr: first.slice(0, LONGEST),
    others: others.length,
    threshold: thresholdOf(data?.series),
  };
}

/** The values of a variable as a regular expression, as Prometheus takes them. */
function asRegExp(value: unknown): string {
  return [value].flat().map(String).join('|');
}

/** The highest threshold that the fields of an answer have; undefined without one. */
function thresholdOf(series: NonNullable<QueryContext['data']>['series'] = []): number | undefined {
  const values = series
    .flatMap(({ fields }) => fields.map(({ config }) => config?.thresholds))
    .flatMap((thresholds) => (thresholds?.mode === 'absolute' ? thresholds.steps : []))
    .flatMap(({ value }) => (typeof value === 'number' && Number.isFinite(value) ? [value] : []));
  return values.length === 0 ? undefined : Math.max(...values);
}

const ofQueries = (context: object | undefined) => {
  const query = fromQueries((context ?? {}) as QueryContext);
  return query === undefined ? undefined : { path: paths.guardrailOfQuery(query) };
};
const ofTrace = (context: object | undefined) => {
  const { traceID = '' } = (context ?? {}) as TraceContext;
  return traceID === '' ? undefined : { path: paths.trace(traceID) };
};

type Place = Pick<PluginExtensionAddedLinkConfig, 'path' | 'icon' | 'configure'>;

/** What each link of plugin.json does, by its title. A path of the app must stand there before a link is configured for its context. */
const PLACES: { [title: string]: Place } = {
  'Create guard-rail from this panel': { path: paths.newGuardrail(), icon: 'shield', configure: ofQueries },
  'Create guard-rail from this query': { path: paths.newGuardrail(), icon: 'shield', configure: ofQueries },
  'Show what guard-rails did': { path: paths.verdicts(), icon: 'shield', configure: ofTrace },
  'Guardspan: new guard-rail': { path: paths.newGuardrail(), icon: 'shield' },
  'Guardspan: find a guard-rail': { path: paths.guardrails(), icon: 'shield' },
  'Guardspan: verdicts that hold now': { path: `${paths.verdicts()}?state=firing`, icon: 'shield' },
};

/** Links in other places of Grafana, with the words and the places that plugin.json declares. */
export const links: PluginExtensionAddedLinkConfig[] = pluginJson.extensions.addedLinks.map((link) => ({
  ...link,
  ...PLACES[link.title],
}));
