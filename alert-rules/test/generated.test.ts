import { parseRules, toGrafana, toPrometheusRule } from '@guardspan/alert-rules';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readRepository } from './support.js';

const NOTE = '# Generated from alert-rules/rules/guardspan.yaml by npm run generate.\n';
const groups = parseRules(readRepository('alert-rules/rules/guardspan.yaml'));
const alerts = groups.flatMap(({ rules }) => rules).filter(({ alert }) => alert !== undefined);

interface GrafanaRule {
  uid: string;
  title: string;
  condition: string;
  data: { refId: string; model: { expr?: string } }[];
  annotations: Record<string, string>;
  labels: Record<string, string>;
}

describe('the Grafana-managed form', () => {
  const text = toGrafana(groups);
  const file = parse(text) as Record<string, unknown> & { groups: { rules: GrafanaRule[] }[] };
  const rules = file.groups.flatMap((group) => group.rules);

  it('is what is committed', () => {
    expect(readRepository('alert-rules/grafana/guardspan.yaml')).toBe(NOTE + text);
  });
  it('holds every alert under a uid of its own, with its expression, and nothing of the policy tree', () => {
    expect(rules.map(({ title }) => title)).toEqual(alerts.map(({ alert }) => alert));
    expect(new Set(rules.map(({ uid }) => uid)).size).toBe(rules.length);
    for (const [index, rule] of rules.entries()) {
      expect(rule.uid).toMatch(/^[a-z-]{1,40}$/);
      expect(rule.data.map(({ refId }) => refId)).toEqual(['A', 'B', 'C']);
      expect(rule.data[0]!.model.expr).toBe(alerts[index]!.expr.trim());
    }
    expect(Object.keys(file).sort()).toEqual(['apiVersion', 'groups']);
  });
  it('uses values and templates as Grafana knows them', () => {
    for (const { annotations, labels } of rules) {
      expect(JSON.stringify(annotations)).not.toMatch(/\$value\b|query \(|urlquery/);
      // Provisioning replaces `$name` in labels by the environment.
      for (const value of Object.values(labels)) expect(value.replaceAll('$$', '')).not.toContain('$');
    }
  });
});

describe('the PrometheusRule manifest', () => {
  it('is what is committed, with the groups as they are', () => {
    const text = toPrometheusRule(groups);
    expect(readRepository('alert-rules/kubernetes/prometheusrule.yaml')).toBe(NOTE + text);
    expect(parse(text)).toMatchObject({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      spec: { groups },
    });
  });
});

describe('a file that holds no rules', () => {
  it('is refused with what it should be', () => {
    expect(() => parseRules('a: 1')).toThrow('must be a Prometheus rule file');
  });
});
