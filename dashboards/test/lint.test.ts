import { TAG } from '@guardspan/dashboards';
import { DASHBOARD_UID, GRAFANA_APP_ID } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { DASHBOARDS, panelsOf } from './support/expressions.js';
import { isNumber, lint, RULES } from './support/lint.js';
import type { Finding } from './support/lint.js';

/** Findings that stay, each with its reason. */
const EXCLUDED: readonly { rule: string; reason: string; applies: (finding: Finding) => boolean }[] = [
  ...['template-job-rule', 'target-job-rule'].map((rule) => ({
    rule,
    reason:
      'the names of our metrics are of one job, the evaluator; whose calls they count is told by service, environment and model',
    applies: () => true,
  })),
  ...['template-instance-rule', 'target-instance-rule'].map((rule) => ({
    rule,
    reason:
      'an evaluator counts for the whole fleet, so its address tells nothing about a guard-rail; the Evaluator dashboard shows instances beside each other',
    applies: () => true,
  })),
  {
    rule: 'target-rate-interval-rule',
    reason: 'a number or a table is about the whole time range of the dashboard, so it asks for $__range',
    applies: ({ dashboard, panel, message }) =>
      message.includes('$__range ') && isNumber(panelsOf(DASHBOARDS[dashboard]!).find(({ title }) => title === panel)!),
  },
  {
    rule: 'panel-no-targets-rule',
    reason: 'the text that says how to stop a guard-rail asks for nothing',
    applies: ({ dashboard, panel }) => dashboard === 'guardrail' && panel === 'How to stop it',
  },
];

const FINDINGS = Object.entries(DASHBOARDS).flatMap(([name, dashboard]) => lint(name, dashboard));

describe('rules of dashboard-linter', () => {
  it.each(Object.keys(RULES))('%s holds, but for what is excluded with a reason', (rule) => {
    const open = FINDINGS.filter(
      (finding) => finding.rule === rule && !EXCLUDED.some((one) => one.rule === rule && one.applies(finding)),
    );
    expect(open).toEqual([]);
  });

  it('has no exclusion that excludes nothing', () => {
    for (const { rule, reason, applies } of EXCLUDED)
      expect(
        FINDINGS.some((finding) => finding.rule === rule && applies(finding)),
        `${rule}: ${reason}`,
      ).toBe(true);
  });

  it('is able to find: a dashboard that breaks each rule', () => {
    const panel = { id: 1, type: 'timeseries', title: '', gridPos: { x: 0, y: 0, w: 1, h: 1 } };
    const bad = {
      ...{ uid: 'u', title: 't', tags: [], editable: true, schemaVersion: 42, description: '', links: [] },
      panels: [
        panel,
        { ...panel, targets: [{ refId: 'A', expr: 'guardspan_calls_total + rate(guardspan_calls_total[5m])' }] },
      ],
      templating: {
        list: [{ name: 'x', type: 'query', multi: false, includeAll: false, query: { query: 'up' } }],
      },
      annotations: { list: [] },
    };
    expect(new Set(lint('bad', bad).map(({ rule }) => rule))).toEqual(new Set(Object.keys(RULES)));
  });
});

describe.each(Object.entries(DASHBOARDS))('%s', (name, dashboard) => {
  const panels = panelsOf(dashboard);

  it('has its uid, its tag and a description', () => {
    expect(dashboard.uid).toBe(DASHBOARD_UID[name as keyof typeof DASHBOARD_UID]);
    expect(dashboard.tags).toEqual([TAG]);
    expect(dashboard.description).toMatch(/\.$/);
    expect(dashboard.schemaVersion).toBe(42);
  });

  it('gives each panel an id of its own, and room that no other takes', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id } of panels) expect(id).toBeLessThan(1000);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos, title } of panels) expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
  });

  it('says of each panel what it means when there is no data', () => {
    for (const { title, type, fieldConfig } of panels)
      if (type !== 'text') expect(fieldConfig?.defaults.noValue ?? '', title).not.toBe('');
  });

  it('names in legends only labels that the expression keeps', () => {
    for (const { title, targets = [] } of panels)
      for (const { expr, legendFormat = '' } of targets)
        for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
          expect(expr, title).toMatch(new RegExp(`(by|group_left) \\([^)]*\\b${label}\\b`));
  });

  it('gives units of time to the value of a table only, because they would read names as dates', () => {
    for (const { title, type, fieldConfig } of panels)
      if (type === 'table') expect(fieldConfig!.defaults.unit, title).not.toMatch(/^dateTime/);
  });

  it('has room for every number beside the name of a series', () => {
    for (const { title, type, gridPos, options } of panels)
      if (type === 'timeseries' && gridPos.w < 8)
        expect((options as { legend: { calcs: string[] } }).legend.calcs, title).toHaveLength(1);
  });

  it('heads the columns of a matrix with names of actions, which are short', () => {
    for (const { title, transformations = [] } of panels)
      for (const { id, options } of transformations)
        if (id === 'groupingToMatrix') expect((options as { columnField: string }).columnField, title).toBe('action');
  });

  it('shows no 0 that nobody measured', () => {
    for (const { title, targets = [] } of panels)
      for (const { expr } of targets) expect(expr, title).not.toContain('vector(');
  });

  it('links with the time range to dashboards that exist, with variables that they have, and to the app', () => {
    const uids = new Map(Object.values(DASHBOARDS).map((one) => [one.uid, one]));
    for (const link of dashboard.links) expect(link.keepTime, link.title).toBe(true);
    for (const { title, fieldConfig } of panels)
      for (const { url } of fieldConfig?.defaults.links ?? []) {
        expect(url, title).toContain('from=${__from}&to=${__to}');
        const [, kind, rest] = /^\/(d|a)\/([^/?]+)/.exec(url)!;
        if (kind === 'a') {
          expect(rest).toBe(GRAFANA_APP_ID);
          continue;
        }
        const target = uids.get(rest!);
        expect(target, `${title}: ${url}`).toBeDefined();
        const variables = target!.templating.list.map((variable) => variable.name);
        for (const [, variable] of url.matchAll(/var-(\w+)=/g))
          expect(variables, `${title}: ${url}`).toContain(variable);
      }
  });
});
