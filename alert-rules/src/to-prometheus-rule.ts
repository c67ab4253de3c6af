import { stringify } from 'yaml';
import type { RuleGroup } from './types.js';

/** The PrometheusRule manifest (prometheus-operator, `monitoring.coreos.com/v1`) with these groups. */
export function toPrometheusRule(groups: readonly RuleGroup[]): string {
  return stringify(
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'guardspan', labels: { 'app.kubernetes.io/name': 'guardspan' } },
      spec: { groups },
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}
