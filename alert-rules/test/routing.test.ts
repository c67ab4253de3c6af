import { describe, expect, it } from 'vitest';
import { inRepository, PROGRAMS, runTool } from './support.js';

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

describe.skipIf(PROGRAMS === undefined)('the Alertmanager example', () => {
  it('is accepted by amtool, with its template', () => {
    const { code, output } = runTool('amtool', 'check-config', CONFIG);
    expect(code, output).toBe(0);
    expect(output).toMatch(/3 inhibit rules[\s\S]*1 templates/);
  });

  it.each(ROUTES)('routes %s to %s', (labels, receiver) => {
    const args = ['config', 'routes', 'test', '--config.file', CONFIG, `--verify.receivers=${receiver}`];
    const { code, output } = runTool('amtool', ...args, ...labels.split(' '));
    expect(code, output).toBe(0);
  });
});
