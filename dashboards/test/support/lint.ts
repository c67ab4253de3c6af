import { panelsOf } from './expressions.js';
import type { DashboardJson, PanelJson } from './expressions.js';

/** Something that a rule finds. */
export interface Finding {
  rule: string;
  dashboard: string;
  /** Title of the panel; empty for the dashboard. */
  panel: string;
  message: string;
}

const UNITS = new Set(['locale', 'short', 'none', 'percentunit', 's', 'cps', 'dateTimeFromNow', 'dateTimeAsIso']);

type Report = (message: string, panel?: string) => void;

/** The rules of grafana/dashboard-linter, as far as they are about Prometheus, under its names. */
export const RULES: { readonly [rule: string]: (dashboard: DashboardJson, report: Report) => void } = {
  'template-datasource-rule'({ templating }, report) {
    const sources = templating.list.filter(({ type }) => type === 'datasource');
    if (sources.length !== 1) return report('has to have one variable of type datasource');
    if (sources[0]!.name !== 'datasource') report('the variable of the data source has to be named datasource');
    if (sources[0]!.label !== 'Data source') report('the variable of the data source has to be labelled Data source');
  },
  'template-job-rule': needsVariable('job'),
  'template-instance-rule': needsVariable('instance'),
  'template-on-time-change-reload-rule'({ templating }, report) {
    for (const { name, type, refresh } of templating.list)
      if (type === 'query' && refresh !== 2)
        report(`variable ${name} has to be read again when the time range changes`);
  },
  'template-label-promql-rule'({ templating }, report) {
    for (const { name, type, query } of templating.list)
      if (type === 'query' && !/^label_values\(.+, \w+\)$/.test((query as { query: string }).query))
        report(`variable ${name} has to be label_values(selector, label)`);
  },
  'panel-datasource-rule': (dashboard, report) => {
    for (const { title, type, datasource, targets = [] } of panelsOf(dashboard)) {
      if (type === 'text') continue;
      for (const { uid } of [datasource, ...targets.map((target) => target.datasource)].map(
        (one) => one ?? { uid: '' },
      ))
        if (uid !== '${datasource}') report(`asks ${uid} instead of the chosen data source`, title);
    }
  },
  'panel-title-description-rule': (dashboard, report) => {
    for (const { id, title, description } of panelsOf(dashboard))
      if ((title ?? '') === '' || (description ?? '') === '')
        report(`panel ${id} needs a title and a description`, title);
  },
  'panel-units-rule': (dashboard, report) => {
    for (const { title, type, fieldConfig } of panelsOf(dashboard))
      if (type !== 'text' && !UNITS.has(fieldConfig?.defaults.unit ?? '')) report('needs a known unit', title);
  },
  'panel-no-targets-rule': (dashboard, report) => {
    for (const { title, targets = [] } of panelsOf(dashboard)) if (targets.length === 0) report('has no query', title);
  },
  'target-rate-interval-rule': eachTarget((expr, report, title) => {
    for (const [, range] of expr.matchAll(/\b(?:rate|irate|increase)\([^[]*\[([^\]]+)\]/g))
      if (range !== '$__rate_interval') report(`uses the range ${range} instead of $__rate_interval`, title);
  }),
  'target-job-rule': eachTarget((expr, report, title) => {
    if (!/job=/.test(expr)) report('has no matcher for job', title);
  }),
  'target-instance-rule': eachTarget((expr, report, title) => {
    if (!/instance=/.test(expr)) report('has no matcher for instance', title);
  }),
  'target-counter-agg-rule': eachTarget((expr, report, title) => {
    for (const { index } of expr.matchAll(/guardspan_[a-z_]+_total\b/g))
      if (!/(?:rate|irate|increase)\($/.test(expr.slice(0, index)))
        report('reads a counter without rate or increase', title);
  }),
  'uneditable-dashboard-rule'({ editable }, report) {
    if (editable) report('may not be editable');
  },
};

/** Applies every rule. */
export function lint(name: string, dashboard: DashboardJson): Finding[] {
  return Object.entries(RULES).flatMap(([rule, check]) => {
    const found: Finding[] = [];
    check(dashboard, (message, panel = '') => void found.push({ rule, dashboard: name, panel, message }));
    return found;
  });
}

function needsVariable(label: string): (dashboard: DashboardJson, report: Report) => void {
  return ({ templating }, report) => {
    const variable = templating.list.find(({ name }) => name === label);
    if (variable === undefined || !variable.multi || variable.allValue !== '.+')
      report(`has to have a variable ${label} that takes several and whose all is .+`);
  };
}

function eachTarget(
  check: (expr: string, report: Report, title: string) => void,
): (dashboard: DashboardJson, report: Report) => void {
  return (dashboard, report) => {
    for (const { title, targets = [] } of panelsOf(dashboard))
      for (const { expr } of targets) check(expr, report, title);
  };
}

/** Panels that are asked for the end of the time range. */
export const isNumber = ({ type }: PanelJson): boolean => type === 'stat' || type === 'table';
