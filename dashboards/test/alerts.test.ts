import { readFileSync } from 'node:fs';
import { parseRules, toGrafana } from '@guardspan/alert-rules';
import { DASHBOARD_UID, GRAFANA_APP_ID } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { firingAnnotations } from '../../evaluator/src/alert/alert-annotations.js';
import { windowed } from '../../evaluator/test/channel/support/guardrail.js';
import { DASHBOARDS, panelsOf } from './support/expressions.js';

const groups = parseRules(readFileSync(new URL('../../alert-rules/rules/guardspan.yaml', import.meta.url), 'utf8'));
const alerts = groups
  .flatMap(({ rules }) => rules)
  .filter(({ alert }) => alert !== undefined)
  .map(({ alert, annotations = {} }) => ({ alert: alert!, annotations }));

function target(url: string): { uid: string; variables: string[]; panel: number } {
  const [, uid, query] = /^https:\/\/grafana\.example\/d\/([\w-]+)(?:\?(.*))?$/.exec(url)!;
  const parameters = new URLSearchParams(query ?? '');
  return {
    uid: uid!,
    variables: [...parameters.keys()].filter((name) => name.startsWith('var-')).map((name) => name.slice(4)),
    panel: Number(parameters.get('viewPanel')),
  };
}

describe.each(alerts)('$alert', ({ alert, annotations }) => {
  it('leads to a dashboard that exists, with variables that it has, and to a panel of it', () => {
    const whole = target(annotations['dashboard_url']!);
    const part = target(annotations['panel_url']!);
    expect({ ...part, panel: 0 }).toEqual({ ...whole, panel: 0 });
    const dashboard = Object.values(DASHBOARDS).find(({ uid }) => uid === whole.uid);
    expect(dashboard, whole.uid).toBeDefined();
    for (const variable of whole.variables)
      expect(dashboard!.templating.list.map(({ name }) => name)).toContain(variable);
    expect(panelsOf(dashboard!).map(({ id }) => id)).toContain(part.panel);
  });

  it('leads to the app and to its traces when it is about a guard-rail', () => {
    const about = annotations['dashboard_url']!.includes('var-guardrail=');
    expect('app_url' in annotations && 'traces_url' in annotations).toBe(about);
    if (!about) return;
    expect(annotations['app_url']).toMatch(new RegExp(`^https://grafana\\.example/a/${GRAFANA_APP_ID}/`));
    const url = annotations['traces_url']!.replace('{{ $labels.guardrail | urlquery }}', 'slow-model');
    const panes = JSON.parse(new URL(url).searchParams.get('panes')!) as { g: { queries: { query: string }[] } };
    expect(panes.g.queries[0]!.query).toBe('{ span.guardspan.verdict.guardrails = "slow-model" }');
  });

  it('is tied to that panel in the Grafana-managed form', () => {
    const file = parse(toGrafana(groups)) as {
      groups: { rules: { title: string; annotations: Record<string, string> }[] }[];
    };
    const rule = file.groups.flatMap(({ rules }) => rules).find(({ title }) => title === alert)!;
    const { uid, panel } = target(annotations['panel_url']!);
    expect(rule.annotations).toMatchObject({ __dashboardUid__: uid, __panelId__: String(panel) });
  });
});

describe('the ten questions in docs/dashboards.md', () => {
  const page = readFileSync(new URL('../../docs/dashboards.md', import.meta.url), 'utf8');
  const section = page.split('## Ten questions of an on-call engineer')[1]!;
  const rows = [...section.matchAll(/^\| ([A-Z][^|]*?\??) +\|(.*)\|$/gm)];

  it('are ten, and each is answered by a panel of the Guard-rail dashboard or by the alert itself', () => {
    expect(rows).toHaveLength(10);
    const titles = panelsOf(DASHBOARDS['guardrail']!).map(({ title }) => title);
    const alert = alerts.find((one) => one.alert === 'GuardspanGuardrailFiring')!.annotations;
    for (const [, question, answers] of rows) {
      const panels = [...answers!.matchAll(/(?<![\w`])_([A-Z][^_|]+)_(?!\w)/g)].map((match) => match[1]!);
      expect(panels.length, question).toBeGreaterThan(0);
      for (const panel of panels) expect(titles, question).toContain(panel);
    }
    for (const [, name] of section.matchAll(/`(\w+_(?:url|command|force))`/g))
      if (name !== 'trace_url') expect(Object.keys(alert)).toContain(name);
  });
});

describe('an alert that the evaluator sends itself', () => {
  const links = { evaluator: 'https://evaluator.example', docs: 'https://docs.example', trace: '' };
  const sent = (grafana: string): Record<string, string> =>
    firingAnnotations(windowed('slow-model'), new Map([['', {}]]), '', { ...links, grafana });

  it('has the links that the rule has', () => {
    const rule = alerts.find(({ alert }) => alert === 'GuardspanGuardrailFiring')!.annotations;
    const annotations = sent('https://grafana.example');
    for (const name of ['dashboard_url', 'panel_url', 'app_url'])
      expect(annotations[name]).toBe(rule[name]!.replace('{{ $labels.guardrail | urlquery }}', 'slow-model'));
    expect(annotations['dashboard_url']).toContain(DASHBOARD_UID.guardrail);
  });

  it('has none of them when nobody said where Grafana is', () => {
    expect(Object.keys(sent(''))).not.toContain('dashboard_url');
  });
});
