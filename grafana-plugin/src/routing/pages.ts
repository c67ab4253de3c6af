import { lazy, type ComponentType } from 'react';

/** A page of the app. */
export interface PageRoute {
  /** Below the app's path, in the syntax of react-router. */
  path: string;
  Page: ComponentType;
}

/**
 * Every page, loaded when it is opened. Pages with a link in Grafana's menu stand in plugin.json too; a test compares the two. How a page is
 * added is in grafana-plugin/README.md.
 */
export const pages: readonly PageRoute[] = [
  { path: 'overview', Page: lazy(() => import('../pages/Overview/OverviewPage')) },
  { path: 'guardrails', Page: lazy(() => import('../pages/Guardrails/GuardrailsPage')) },
  { path: 'guardrails/new', Page: lazy(() => import('../pages/NewGuardrail/NewGuardrailPage')) },
  { path: 'guardrails/:name', Page: lazy(() => import('../pages/Guardrail/GuardrailPage')) },
  { path: 'verdicts', Page: lazy(() => import('../pages/Verdicts/VerdictsPage')) },
  { path: 'traces/:id', Page: lazy(() => import('../pages/Trace/TracePage')) },
  { path: 'verdicts/:id', Page: lazy(() => import('../pages/Verdict/VerdictPage')) },
  { path: 'models', Page: lazy(() => import('../pages/Models/ModelsPage')) },
  { path: 'fleet', Page: lazy(() => import('../pages/Fleet/FleetPage')) },
];
