import { DashboardBuilder, DashboardCursorSync, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { AnnotationQueryBuilder, Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { DASHBOARD_UID } from '@guardspan/policy';
import { headLinks } from './links.js';
import type { PanelBuilder } from './panels/apply-spec.js';
import { TAG } from './uids.js';
import type { DashboardName } from './uids.js';
import { datasourceVariable, VARIABLES } from './variables.js';
import type { VariableName } from './variables.js';

/** A dashboard before it is laid out: rows with a title, each with its panels. */
export interface DashboardSpec {
  name: DashboardName;
  title: string;
  description: string;
  /** Besides the data source, which each has first. A variable may read those before it. */
  variables: readonly VariableName[];
  annotations: readonly AnnotationQueryBuilder[];
  /** Page of the Grafana app that its link opens. */
  page: string;
  rows: readonly { title: string; panels: readonly PanelBuilder[] }[];
  /** Start of the time range. */
  from?: string;
}

/** Ids of rows begin here; those of panels are smaller. */
const ROW_IDS = 1000;

/** Builds the JSON of a dashboard: schema 42, which Grafana reads from version 10 on. Not editable: changes belong into the source. */
export function createDashboard(spec: DashboardSpec): Dashboard {
  const builder = new DashboardBuilder(spec.title)
    .uid(DASHBOARD_UID[spec.name])
    .description(spec.description)
    .tags([TAG])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: spec.from ?? 'now-1h', to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .variables([datasourceVariable(), ...spec.variables.map((name) => VARIABLES[name]())])
    .annotations([...spec.annotations])
    .links(headLinks(spec.page));
  for (const [index, { title, panels }] of spec.rows.entries()) {
    builder.withRow(new RowBuilder(title).id(ROW_IDS + index));
    for (const panel of panels) builder.withPanel(panel);
  }
  return withoutPlacement(builder.build());
}

/** The builder hides every link and annotation in a menu that older versions of Grafana do not have. */
function withoutPlacement(dashboard: Dashboard): Dashboard {
  const text = JSON.stringify(dashboard, (key, value: unknown) =>
    key === 'placement' && value === 'inControlsMenu' ? undefined : value,
  );
  return JSON.parse(text) as Dashboard;
}
