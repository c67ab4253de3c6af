import { readdirSync } from 'node:fs';
import { parseRules } from '@guardspan/alert-rules';
import { describe, expect, it } from 'vitest';
import { ALERTMANAGER, inRepository, readRepository, runTool } from './support.js';

/** One example for each receiver; the receiver has its name. */
const EXAMPLES = readdirSync(inRepository('alert-rules/alertmanager/examples')).map((file) =>
  file.replace(/\.yml$/, ''),
);
const CONFIG = inRepository('alert-rules/alertmanager/alertmanager.yml');

/** Labels of an alert, and the receivers that get it. */
const ROUTES: readonly (readonly [string, string])[] = [
  ['alertname=GuardspanGuardrailFiring component=guardspan guardrail=gap severity=critical', 'guardspan-pagerduty'],
  [
    'alertname=GuardspanGuardrailFiring component=guardspan guardrail=gap severity=critical owner=credit-risk',
    'credit-risk-opsgenie',
  ],
  ['alertname=GuardspanFailOpen component=guardspan guardrail=gap severity=warning', 'guardspan-chat'],
  ['alertname=GuardspanKillSwitchActive component=guardspan severity=info', 'guardspan-webhook'],
  ['alertname=GuardspanWatchdog component=guardspan severity=none', 'guardspan-deadman'],
  ['alertname=NodeDown severity=critical', 'default'],
];

describe.skipIf(ALERTMANAGER === undefined)('the Alertmanager example', () => {
  it('is accepted by amtool, with its template', () => {
    const { code, output } = runTool('amtool', 'check-config', CONFIG);
    expect(code, output).toBe(0);
    expect(output).toMatch(/4 inhibit rules[\s\S]*1 templates/);
  });

  it.each(ROUTES)('routes %s to %s', (labels, receiver) => {
    const args = ['config', 'routes', 'test', '--config.file', CONFIG, `--verify.receivers=${receiver}`];
    const { code, output } = runTool('amtool', ...args, ...labels.split(' '));
    expect(code, output).toBe(0);
  });

  it('leaves no alert of the rules to the default receiver', () => {
    const rules = parseRules(readRepository('alert-rules/rules/guardspan.yaml')).flatMap((group) => group.rules);
    for (const { alert, labels } of rules) {
      if (alert === undefined) continue;
      const severity = labels!['severity']!.includes('{{') ? 'warning' : labels!['severity']!;
      const set = [`alertname=${alert}`, 'component=guardspan', `severity=${severity}`];
      const { code, output } = runTool('amtool', 'config', 'routes', 'test', '--config.file', CONFIG, ...set);
      expect(code, output).toBe(0);
      expect(output.trim(), alert).toMatch(/^(guardspan|credit-risk)-/);
    }
  });
});

describe.skipIf(ALERTMANAGER === undefined).each(EXAMPLES)('the example of %s', (name) => {
  const config = inRepository(`alert-rules/alertmanager/examples/${name}.yml`);

  it('is accepted by amtool, with its template', () => {
    const { code, output } = runTool('amtool', 'check-config', config);
    expect(code, output).toBe(0);
    expect(output).toContain('1 templates');
  });

  it('routes every severity of the rules, and drills, to its one receiver', () => {
    for (const labels of ['severity=critical', 'severity=warning', 'severity=info', 'severity=warning drill=true']) {
      const set = ['alertname=GuardspanGuardrailFiring', 'component=guardspan', 'guardrail=gap', ...labels.split(' ')];
      const args = ['config', 'routes', 'test', '--config.file', config, `--verify.receivers=${name}`, ...set];
      const { code, output } = runTool('amtool', ...args);
      expect(code, output).toBe(0);
    }
  });
});
