import { readFileSync } from 'node:fs';
import { parseRules, toGrafana } from '@guardspan/alert-rules';
import { DASHBOARD_UID, GRAFANA_APP_ID } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { firingAnnotations, stormAnnotations } from '../../evaluator/src/alert/alert-annotations.js';
import { windowed } from '../../evaluator/test/channel/support/guardrail.js';
import { DASHBOARDS, panelsOf } from './support/expressions.js';

/** When the alerts of these tests began, seconds from epoch, and an hour before it in milliseconds. */
const STARTED = 1_700_000_000;
const FROM = String(STARTED * 1000 - 3_600_000);

const groups = parseRules(readFileSync(new URL('../../alert-rules/rules/guardspan.yaml', import.meta.url), 'utf8'));
const alerts = groups
  .flatMap(({ rules }) => rules)
  .filter(({ alert }) => alert !== undefined)
  .map(({ alert, annotations = {} }) => ({ alert: alert!, annotations: mapRange(annotations) }));

/** As Prometheus writes the annotations: the begin of the alert, or this very moment, in the place of the question for it. */
function mapRange(annotations: Record<string, string>): Record<string, string> {
  const asked =
    /\{\{ range query (\(printf )?`1000 \* \(min\(ALERTS_FOR_STATE\{[^`]*\}\) or vector\(time\(\)\)\) - 3600000`.*?\{\{ end \}\}/g;
  return Object.fromEntries(
    Object.entries(annotations).map(([key, text]) => [key, text.replaceAll(asked, () => FROM)]),
  );
}

interface Target {
  uid: string;
  variables: string[];
  panel: number;
  range: { from: string | null; to: string | null };
}

function target(url: string): Target {
  const [, uid, query] = /^https:\/\/grafana\.example\/d\/([\w-]+)(?:\?(.*))?$/.exec(url)!;
  const parameters = new URLSearchParams(query ?? '');
  return {
    uid: uid!,
    variables: [...parameters.keys()].filter((name) => name.startsWith('var-')).map((name) => name.slice(4)),
    panel: Number(parameters.get('viewPanel')),
    range: { from: parameters.get('from'), to: parameters.get('to') },
  };
}

describe.each(alerts)('$alert', ({ alert, annotations }) => {
  it('leads to a dashboard that exists, with variables that it has, and to a panel of it', () => {
    const whole = target(annotations['dashboard_url']!);
    const part = target(annotations['panel_url']!);
    expect({ ...part, panel: 0 }).toEqual({ ...whole, panel: 0 });
    // The watchdog has no begin that anybody asks about.
    const range = alert === 'GuardspanWatchdog' ? { from: null, to: null } : { from: FROM, to: 'now' };
    expect(whole.range, 'from an hour before the alert').toEqual(range);
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
    expect(JSON.parse(new URL(url).searchParams.get('panes')!)).toEqual({
      g: {
        datasource: 'tempo',
        queries: [{ refId: 'A', queryType: 'traceql', query: '{ span.guardspan.verdict.guardrails = "slow-model" }' }],
        range: { from: FROM, to: 'now' },
      },
    });
  });

  it('is tied to that panel in the Grafana-managed form', () => {
    const file = parse(toGrafana(groups)) as {
      groups: { rules: { title: string; annotations: Record<string, string> }[] }[];
    };
    const rule = file.groups.flatMap(({ rules }) => rules).find(({ title }) => title === alert)!;
    const { uid, panel } = target(annotations['panel_url']!);
    expect(rule.annotations).toMatchObject({ __dashboardUid__: uid, __panelId__: String(panel) });
    // Grafana cannot be asked when the alert began; its own link to the panel knows.
    const { dashboard_url: link } = rule.annotations;
    if (alert !== 'GuardspanWatchdog') expect(link).toMatch(/[?&]from=now-1h&to=now$/);
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
    firingAnnotations(windowed('slow-model'), new Map([['', {}]]), '', STARTED, { ...links, grafana });

  it('has the links that the rule has', () => {
    const rule = alerts.find(({ alert }) => alert === 'GuardspanGuardrailFiring')!.annotations;
    const annotations = sent('https://grafana.example');
    for (const name of ['dashboard_url', 'panel_url', 'app_url', 'traces_url'])
      expect(decodeURIComponent(annotations[name]!)).toBe(
        decodeURIComponent(rule[name]!.replace('{{ $labels.guardrail | urlquery }}', 'slow-model')),
      );
    expect(annotations['dashboard_url']).toContain(DASHBOARD_UID.guardrail);
  });

  it('has them for a storm, too', () => {
    const rule = alerts.find(({ alert }) => alert === 'GuardspanAlertStorm')!.annotations;
    const annotations = stormAnnotations(['a', 'b'], 'credit', STARTED, {
      ...links,
      grafana: 'https://grafana.example',
    });
    for (const name of ['dashboard_url', 'panel_url']) expect(annotations[name]).toBe(rule[name]);
  });

  it('has none of them when nobody said where Grafana is', () => {
    expect(Object.keys(sent(''))).not.toContain('dashboard_url');
  });
});
