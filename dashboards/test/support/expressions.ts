import { createDashboards } from '@guardspan/dashboards';

/** One PromQL expression of a dashboard, and where it stands. */
export interface Expression {
  dashboard: string;
  /** Title of the panel, or what else asks. */
  place: string;
  /** Id of the panel; -1 for what is none. */
  panel: number;
  expr: string;
  exemplar: boolean;
}

/** A panel as it stands in the JSON, as far as tests read it. */
export interface PanelJson {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { type: string; uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { refId: string; expr: string; exemplar?: boolean; legendFormat?: string; datasource?: { uid: string } }[];
  options?: object;
  transformations?: { id: string; options: object }[];
  fieldConfig?: {
    defaults: {
      unit?: string;
      noValue?: string;
      links?: { url: string }[];
      thresholds?: { steps: { value: number | null }[] };
    };
  };
}

/** A dashboard as it stands in the JSON, as far as tests read it. */
export interface DashboardJson {
  uid: string;
  title: string;
  tags: string[];
  editable: boolean;
  schemaVersion: number;
  description: string;
  panels: PanelJson[];
  links: { title: string; url?: string; tags: string[]; type: string; keepTime: boolean; includeVars: boolean }[];
  templating: {
    list: {
      name: string;
      type: string;
      label?: string;
      refresh?: number;
      multi: boolean;
      includeAll: boolean;
      allValue?: string;
      query: string | { query: string };
      datasource?: { uid: string };
    }[];
  };
  annotations: { list: { name: string; expr?: string; datasource: { uid: string } }[] };
}

/** All dashboards by the name of their file, as plain JSON. */
export const DASHBOARDS = JSON.parse(JSON.stringify(createDashboards())) as { [name: string]: DashboardJson };

/** Panels that are no rows. */
export function panelsOf({ panels }: DashboardJson): PanelJson[] {
  return panels.filter(({ type }) => type !== 'row');
}

/** Every expression of panels, annotations and variables. */
export function expressions(): Expression[] {
  return Object.entries(DASHBOARDS).flatMap(([dashboard, json]) => [
    ...panelsOf(json).flatMap(({ id, title, targets = [] }) =>
      targets.map(({ expr, exemplar, refId }) => ({
        ...{ dashboard, panel: id, place: `${title} (${refId})`, expr, exemplar: exemplar === true },
      })),
    ),
    ...json.annotations.list.flatMap(({ name, expr = '' }) => ({
      ...{ dashboard, panel: -1, place: `annotation ${name}`, expr, exemplar: false },
    })),
    ...json.templating.list
      .filter(({ type }) => type === 'query')
      .map(({ name, query }) => ({
        ...{ dashboard, panel: -1, place: `variable ${name}`, exemplar: false },
        expr: /^label_values\((.*), \w+\)$/.exec((query as { query: string }).query)![1]!,
      })),
  ]);
}

/** The expression with its variables filled in, over `seconds`: all, or one guard-rail. */
export function filledIn(expr: string, seconds: number, guardrail = '.*'): string {
  return expr
    .replaceAll('$__rate_interval', '4s')
    .replaceAll('$__range', `${Math.ceil(seconds)}s`)
    .replaceAll('$guardrail', guardrail)
    .replace(/\$[a-z]+/g, '.*');
}
