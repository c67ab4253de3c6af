/** What somebody sets up in the editor of the panel. Conditions are names, texts with `*` or variables of the dashboard. */
export interface PanelOptions {
  guardrail: string;
  owner: string;
  model: string;
  service: string;
  /** Which of them. */
  show: 'all' | 'firing';
}

/** The variables that dashboards have most; those that one does not have narrow nothing. */
export const DEFAULTS: PanelOptions = {
  guardrail: '$guardrail',
  owner: '$owner',
  model: '$model',
  service: '$service',
  show: 'all',
};
