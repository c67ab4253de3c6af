import { PLUGIN_ID } from '../constants';

/** Where the app lives in Grafana, without the sub-path that Grafana may be served under. */
export const APP_PATH = `/a/${PLUGIN_ID}`;

const part = encodeURIComponent;

/** Links into the app. Grafana's links and `locationService` add a sub-path by themselves. */
export const paths = {
  overview: () => `${APP_PATH}/overview`,
  guardrails: () => `${APP_PATH}/guardrails`,
  /** A new guard-rail: from nothing, as a copy of another (`copy`), or from a text (`text`), as the link of a panel makes it. */
  newGuardrail: (from: { copy: string } | { text: string } | undefined = undefined) =>
    `${APP_PATH}/guardrails/new${from === undefined ? '' : `?${new URLSearchParams(from).toString()}`}`,
  guardrail: (name: string) => `${APP_PATH}/guardrails/${part(name)}`,
  /** Its document, to change. */
  editGuardrail: (name: string) => `${APP_PATH}/guardrails/${part(name)}?view=document`,
  verdicts: () => `${APP_PATH}/verdicts`,
  verdict: (id: string) => `${APP_PATH}/verdicts/${part(id)}`,
  models: () => `${APP_PATH}/models`,
  fleet: () => `${APP_PATH}/fleet`,
  configuration: () => `/plugins/${PLUGIN_ID}`,
} as const;
