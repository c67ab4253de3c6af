export { parseRules } from './parse-rules.js';
export { toGrafana } from './to-grafana.js';
export { toPrometheusRule } from './to-prometheus-rule.js';
export type { Rule, RuleGroup } from './types.js';
