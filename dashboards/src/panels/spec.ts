import type { DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard';

/** Units that our panels use: Grafana's id, and how a description names it. */
export const UNITS = {
  locale: 'a count',
  short: 'a number',
  none: 'the unit of the signal',
  percentunit: 'share, 0 to 100 %',
  s: 'seconds',
  cps: 'per second',
  dateTimeFromNow: 'a moment',
  dateTimeAsIso: 'a moment',
} as const;

/** One PromQL expression of a panel. */
export interface Query {
  expr: string;
  /** Name of its series, with `{{label}}`. */
  legend?: string;
  /** True to show the traces of calls as points: rates of counters and quantiles of histograms that carry exemplars. */
  exemplar?: boolean;
}

/** What all kinds of panel share. */
export interface PanelSpec {
  /** Stands in links of alerts; unique in its dashboard, and never given to another panel. */
  id: number;
  title: string;
  /** What it tells, in a sentence; metrics and unit are added. */
  about: string;
  queries: readonly Query[];
  unit: keyof typeof UNITS;
  /** Shown when there is no data: what that means. */
  noData: string;
  /** Of 24. */
  width: number;
  height?: number;
  /** Colour from a value on; the first is the base. */
  limits?: readonly { from: number | null; color: 'green' | 'yellow' | 'orange' | 'red' | 'blue' | 'text' }[];
  links?: readonly DashboardLinkBuilder[];
  max?: number;
}

/** Names of the queries of a panel, as Grafana gives them. */
export const REF_IDS = ['A', 'B', 'C', 'D', 'E', 'F'] as const;

/** A description that names the metrics and the unit, so that a reader of a panel can look them up. */
export function describe({ about, queries, unit }: Pick<PanelSpec, 'about' | 'queries' | 'unit'>): string {
  const found = queries.flatMap(({ expr }) => [...expr.matchAll(/guardspan_[a-z_]+/g)].map(([name]) => name));
  const metrics = [...new Set(found.map((name) => `\`${name.replace(/_(bucket|count|sum)$/, '')}\``))];
  return `${about}\n\n${metrics.length === 1 ? 'Metric' : 'Metrics'}: ${metrics.join(', ')}. Unit: ${UNITS[unit]}.`;
}
