import { PLUGIN_ID } from '../constants';

/** Where the app lives in Grafana, without the sub-path that Grafana may be served under. */
export const APP_PATH = `/a/${PLUGIN_ID}`;

const part = encodeURIComponent;

/** A query of a panel, of which a guard-rail is made. */
export interface PanelQuery {
  /** Of the panel; empty without one. */
  title: string;
  /** In PromQL, with the values of variables. */
  expr: string;
  /** How many queries more the panel has. */
  others: number;
  /** That of the panel, in the units that it shows; undefined when it has none. */
  threshold: number | undefined;
}

/** Links into the app. Grafana's links and `locationService` add a sub-path by themselves. */
export const paths = {
  overview: () => `${APP_PATH}/overview`,
  guardrails: () => `${APP_PATH}/guardrails`,
  /** A new guard-rail: from nothing, as a copy of another (`copy`), or from a text (`text`), as the link of a panel makes it. */
  newGuardrail: (from: { copy: string } | { text: string } | undefined = undefined) =>
    `${APP_PATH}/guardrails/new${from === undefined ? '' : `?${new URLSearchParams(from).toString()}`}`,
  /** A new guard-rail that says what a query says. */
  guardrailOfQuery: ({ title, expr, others, threshold }: PanelQuery) =>
    `${APP_PATH}/guardrails/new?${new URLSearchParams({
      ...{ expr, title, others: String(others) },
      ...(threshold === undefined ? {} : { threshold: String(threshold) }),
    }).toString()}`,
  guardrail: (name: string) => `${APP_PATH}/guardrails/${part(name)}`,
  /** Its document, to change. */
  editGuardrail: (name: string) => `${APP_PATH}/guardrails/${part(name)}?view=document`,
  /** Verdicts, those only that a text is found in. */
  verdicts: ({ text = '' }: { text?: string } = {}) =>
    `${APP_PATH}/verdicts${text === '' ? '' : `?${new URLSearchParams({ q: text }).toString()}`}`,
  verdict: (id: string) => `${APP_PATH}/verdicts/${part(id)}`,
  /** What guard-rails did with the calls of a trace. */
  trace: (id: string) => `${APP_PATH}/traces/${part(id)}`,
  models: () => `${APP_PATH}/models`,
  fleet: () => `${APP_PATH}/fleet`,
  configuration: () => `/plugins/${PLUGIN_ID}`,
} as const;
