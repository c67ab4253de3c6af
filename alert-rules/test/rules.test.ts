import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APP_METRICS, exportedName, METRICS } from '@guardspan/evaluator';
import { ALERT, DRILL_NAME } from '@guardspan/policy';
import { parseRules } from '@guardspan/alert-rules';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { inRepository, PROMETHEUS, readRepository, runTool } from './support.js';
import { burnCase, BURNS } from './burns.js';
import { TIMELINES } from './timelines.js';
import type { Timeline } from './timelines.js';

const RULES = inRepository('alert-rules/rules/guardspan.yaml');
const rules = parseRules(readRepository('alert-rules/rules/guardspan.yaml')).flatMap((group) => group.rules);
const alerts = rules.filter(({ alert }) => alert !== undefined);
const folder = mkdtempSync(join(tmpdir(), 'guardspan-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A promtool test file: at each time exactly these label sets are firing. */
function testFile(
  name: string,
  series: Record<string, string>,
  checks: { alert: string; at: string; labels: Record<string, string>[] }[],
): string {
  const path = join(folder, `${name}.yaml`);
  const probes = checks.map(({ at, alert, labels }) => ({
    expr: `ALERTS{alertname="${alert}",alertstate="firing"}`,
    eval_time: at,
    exp_samples: labels.map((set) => {
      const all = { alertname: alert, alertstate: 'firing', component: 'guardspan', ...set };
      const matchers = Object.entries(all).map(([key, value]) => `${key}="${value}"`);
      return { labels: `ALERTS{${matchers.join(',')}}`, value: 1 };
    }),
  }));
  const text = stringify({
    rule_files: [RULES],
    evaluation_interval: '30s',
    tests: [
      {
        interval: '30s',
        input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
        promql_expr_test: probes,
      },
    ],
  });
  writeFileSync(path, text);
  return path;
}

const cases = ({ alert, quietAt, firesAt, labels, overAt }: Timeline) => [
  { alert, at: quietAt, labels: [] },
  { alert, at: firesAt, labels: [labels] },
  { alert, at: overAt, labels: [] },
];

describe('every alert', () => {
  it('is tested by a timeline, but the watchdog, which never rests', () => {
    expect(TIMELINES.map(({ alert }) => alert).sort()).toEqual(
      alerts
        .map(({ alert }) => alert!)
        .filter((name) => name !== 'GuardspanWatchdog')
        .sort(),
    );
    process.stdout.write(
      `alert-rules: ${alerts.length} alerts, ${rules.length - alerts.length} recording rules, ${TIMELINES.length * 3 + BURNS.length + 1} promtool cases\n`,
    );
  });

  it('has the labels that the evaluator gives to the same alert', () => {
    const labels = (name: string): readonly string[] => {
      const rule = alerts.find(({ alert }) => alert === name)!;
      const kept = [...rule.expr.matchAll(/group_left \(([^)]*)\)|(?:^|\s)max by \(([^)]*)\)/g)];
      const names = kept.flatMap(([, left, by]) => (left ?? by)!.split(', '));
      const added = [...rule.expr.matchAll(/"(\w+)", "\w+", "guardrail", "[\w-]+"\s*\)/g)].map(([, label]) => label!);
      return [...new Set(['alertname', ...names, ...added, ...Object.keys(rule.labels!)])].sort();
    };
    expect(labels(ALERT.FIRING)).toEqual(ALERT.FIRING_LABELS);
    expect(labels(ALERT.STORM)).toEqual(ALERT.STORM_LABELS);
  });

  it.each(alerts)('$alert says what, and has a runbook page, a severity and no value in a label', (rule) => {
    const { alert, annotations, labels } = rule;
    expect(alert).toMatch(/^Guardspan[A-Z]\w+$/);
    for (const name of ['summary', 'description', 'runbook_url']) expect(annotations?.[name]).toBeTruthy();
    expect(annotations!['summary']).not.toContain('$value');
    expect(annotations!['runbook_url']).toBe(`https://docs.example/guardspan/runbook/${alert}.md`);
    expect(existsSync(inRepository(`docs/runbook/${alert}.md`))).toBe(true);
    expect(readRepository(`docs/runbook/${alert}.md`)).toMatch(new RegExp(`^# ${alert}\n`));
    expect(labels).toMatchObject({ component: 'guardspan', severity: expect.any(String) as string });
    expect(JSON.stringify(labels)).not.toContain('$value');
    expect(JSON.stringify(labels)).not.toMatch(/revision|trace/);
  });

  it('reads only metrics that the evaluator or applications export, and compares with something', () => {
    const exported = new Set([...METRICS, ...APP_METRICS].map((metric) => exportedName(metric)));
    for (const { expr, alert } of rules) {
      for (const [name] of expr.matchAll(/\bguardspan_[a-z_]+/g))
        expect(exported, `${name} of ${alert}`).toContain(name.replace(/_(bucket|count|sum)$/, ''));
      expect(expr).not.toMatch(/\btopk\b/);
      if (alert !== undefined && alert !== 'GuardspanWatchdog') expect(expr).toMatch(/[<>]|absent/);
    }
  });
});

describe.skipIf(PROMETHEUS === undefined)('promtool', () => {
  it('accepts the rules without a warning', () => {
    const { code, output } = runTool('promtool', 'check', 'rules', '--lint-fatal', RULES);
    expect(code, output).toBe(0);
  });

  it.each(TIMELINES)('$alert is quiet, fires with its labels, and ends', (timeline) => {
    const { code, output } = runTool(
      'promtool',
      'test',
      'rules',
      testFile(timeline.alert, timeline.series, cases(timeline)),
    );
    expect(code, output).toBe(0);
  });

  it('the watchdog fires without any series', () => {
    const labels = { severity: 'none' };
    const file = testFile('watchdog', { up: '1' }, [{ alert: 'GuardspanWatchdog', at: '1m', labels: [labels] }]);
    const { code, output } = runTool('promtool', 'test', 'rules', file);
    expect(code, output).toBe(0);
  });

  it.each([...BURNS])(
    '$alert fires by the pair of windows that $bad % of slow ones are enough for, and by no other',
    (burn) => {
      const { series, checks } = burnCase(burn);
      const { code, output } = runTool('promtool', 'test', 'rules', testFile(`burn-${burn.bad}`, series, checks));
      expect(code, output).toBe(0);
    },
  );

  it('a guard-rail about which the evaluator tells itself is left to it, also when the evaluator cannot be scraped for a while', () => {
    const series = {
      'guardspan_guardrail_firing{guardrail="gap"}': '0x5 1x20 _x20',
      'guardspan_guardrail_told{guardrail="gap"}': '1x5 1x20 _x20',
      'guardspan_guardrail_info{guardrail="gap",mode="warn",action="deny",revision="r",severity="",owner=""}': '1x46',
      'guardspan_alerts_folded{owner="credit",severity="critical",by="evaluator"}': '3x46',
    };
    const checks = ['5m', '10m', '13m', '13m30s', '14m', '16m'].flatMap((at) =>
      ['GuardspanGuardrailFiring', 'GuardspanAlertStorm'].map((alert) => ({ alert, at, labels: [] })),
    );
    const { code, output } = runTool('promtool', 'test', 'rules', testFile('told', series, checks));
    expect(code, output).toBe(0);
  });

  it('a guard-rail that the evaluator could not tell of is told of by the rule', () => {
    const series = {
      'guardspan_guardrail_firing{guardrail="gap"}': '0x5 1x40',
      'guardspan_guardrail_told{guardrail="gap"}': '1x9 0x40',
      'guardspan_guardrail_info{guardrail="gap",mode="warn",action="deny",revision="r",severity="",owner=""}': '1x46',
    };
    const alert = 'GuardspanGuardrailFiring';
    const checks = [
      { alert, at: '4m30s', labels: [] },
      { alert, at: '7m', labels: [{ guardrail: 'gap', severity: 'warning' }] },
    ];
    const { code, output } = runTool('promtool', 'test', 'rules', testFile('untold', series, checks));
    expect(code, output).toBe(0);
  });

  it('a guard-rail in dryrun alerts nobody, one without a severity warns, and that of drills is marked', () => {
    const info = (guardrail: string, mode: string) =>
      `guardspan_guardrail_info{guardrail="${guardrail}",mode="${mode}",action="deny",revision="r",severity="",owner=""}`;
    const series = {
      'guardspan_guardrail_firing{guardrail="watched"}': '1x20',
      'guardspan_guardrail_firing{guardrail="real"}': '1x20',
      [info('watched', 'dryrun')]: '1x20',
      [info('real', 'warn')]: '1x20',
      [`guardspan_guardrail_firing{guardrail="${DRILL_NAME}"}`]: '1x20',
      [info(DRILL_NAME, 'enforce')]: '1x20',
    };
    const labels = [
      { guardrail: 'real', severity: 'warning' },
      { guardrail: DRILL_NAME, severity: 'warning', drill: 'true' },
    ];
    const file = testFile('dryrun', series, [{ alert: 'GuardspanGuardrailFiring', at: '5m', labels }]);
    const { code, output } = runTool('promtool', 'test', 'rules', file);
    expect(code, output).toBe(0);
  });
});
