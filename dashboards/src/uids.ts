/** Ids of the dashboards: they stand in links, in annotations of alerts and in bookmarks, so they never change. */
export const UID = {
  overview: 'guardspan-overview',
  guardrail: 'guardspan-guardrail',
  model: 'guardspan-model',
  evaluator: 'guardspan-evaluator',
  fleet: 'guardspan-fleet',
} as const;

/** Name of a dashboard of ours. */
export type DashboardName = keyof typeof UID;

/** Id of the Grafana app, in its URLs. */
export const APP_ID = 'guardspan-guardrails-app';

/** Tag of all our dashboards, by which they link to each other. */
export const TAG = 'guardspan';
