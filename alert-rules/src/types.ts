/** A recording or alerting rule as Prometheus reads it. Durations are Prometheus' (`5m`). */
export interface Rule {
  /** Set on recording rules only. */
  record?: string;
  /** Set on alerting rules only. */
  alert?: string;
  expr: string;
  for?: string;
  keep_firing_for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** A group of rules that Prometheus evaluates one after the other. */
export interface RuleGroup {
  name: string;
  interval: string;
  rules: Rule[];
}
