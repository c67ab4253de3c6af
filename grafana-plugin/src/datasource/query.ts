import type { DataQuery } from '@grafana/schema';

/** What a query of the data source reads. */
export type Topic =
  'verdicts' | 'dispositions' | 'evidence' | 'series' | 'guardrails' | 'revisions' | 'coverage' | 'gaps' | 'fleet';

/** Conditions on what is read: names, several behind a variable, `*` for any text; empty for all. */
export interface Conditions {
  guardrail?: string;
  owner?: string;
  model?: string;
  service?: string;
}

/** A query of the data source, as a dashboard keeps it. */
export interface GuardrailsQuery extends DataQuery, Conditions {
  topic: Topic;
  /** Only verdicts that hold now. */
  active?: boolean;
  /** Frames as annotations are made of them; set by the data source itself. */
  annotation?: boolean;
}

/** What values a variable takes. */
export type VariableTopic = 'guardrail' | 'owner' | 'model' | 'version' | 'service' | 'environment';

/** A query of a variable, as a dashboard keeps it. */
export interface VariableQuery extends DataQuery, Conditions {
  values: VariableTopic;
}

/** What a new query is. */
export const DEFAULT_TOPIC: Topic = 'verdicts';

/** Topics that conditions narrow, with the conditions that do. */
export const CONDITIONS: { [topic in Topic]: ReadonlyArray<keyof Conditions> } = {
  verdicts: ['guardrail', 'owner', 'model', 'service'],
  dispositions: ['guardrail', 'owner'],
  evidence: ['guardrail', 'owner', 'model', 'service'],
  series: ['guardrail', 'owner', 'model', 'service'],
  guardrails: ['guardrail', 'owner', 'model', 'service'],
  revisions: ['guardrail', 'owner'],
  coverage: ['model', 'service'],
  gaps: ['service'],
  fleet: ['service'],
};
