import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { evaluator } from './dashboards/evaluator.js';
import { fleet } from './dashboards/fleet.js';
import { guardrail } from './dashboards/guardrail.js';
import { model } from './dashboards/model.js';
import { overview } from './dashboards/overview.js';
import type { DashboardName } from './uids.js';

/** All dashboards, by the name of their file in `json/`. */
export function createDashboards(): { readonly [Name in DashboardName]: Dashboard } {
  return { overview: overview(), guardrail: guardrail(), model: model(), evaluator: evaluator(), fleet: fleet() };
}
