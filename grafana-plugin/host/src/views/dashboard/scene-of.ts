import {
  EmbeddedScene,
  SceneControlsSpacer,
  SceneDataLayerSet,
  SceneDataTransformer,
  SceneGridItem,
  SceneGridLayout,
  SceneGridRow,
  SceneQueryRunner,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  SceneVariableSet,
  VariableValueSelectors,
  VizPanel,
  dataLayers,
} from '@grafana/scenes';
import type { DashboardJson, PanelJson } from './dashboard-json';
import { LayerControls } from './LayerControls';
import { variableOf } from './variable-of';

/** The grid's width, and the height of one panel that is shown alone. */
const WIDE = { width: 24, height: 20 };

/**
 * A dashboard of JSON as a scene: variables, annotations, time range, rows and panels.
 *
 * @param alone id of the one panel that is shown, as `viewPanel` of the address
 */
export function sceneOf(dashboard: DashboardJson, alone?: number): EmbeddedScene {
  const { time, refresh, panels, templating, annotations } = dashboard;
  const layers = (annotations?.list ?? []).map(
    (query) => new dataLayers.AnnotationsDataLayer({ name: query.name, query, isEnabled: query.enable }),
  );
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange({ from: time?.from ?? 'now-1h', to: time?.to ?? 'now' }),
    $variables: new SceneVariableSet({ variables: (templating?.list ?? []).map(variableOf) }),
    $data: new SceneDataLayerSet({ layers }),
    controls: [
      new VariableValueSelectors({}),
      new LayerControls({ layers }),
      new SceneControlsSpacer(),
      new SceneTimePicker({}),
      new SceneRefreshPicker({ refresh: refresh ?? '', intervals: ['5s', '30s', '1m', '5m'] }),
    ],
    body: new SceneGridLayout({
      isDraggable: false,
      isResizable: false,
      children:
        alone === undefined
          ? rowsOf(panels)
          : panels
              .filter(({ id }) => id === alone)
              .map((panel) => new SceneGridItem({ x: 0, y: 0, ...WIDE, body: panelOf(panel) })),
    }),
  });
}

/** Panels after a row's heading belong to the row. */
function rowsOf(panels: readonly PanelJson[]): Array<SceneGridRow | SceneGridItem> {
  const children: Array<SceneGridRow | SceneGridItem> = [];
  for (const panel of panels) {
    const { x, y, w, h } = panel.gridPos;
    if (panel.type === 'row') {
      children.push(new SceneGridRow({ x, y, width: w, height: h, title: panel.title ?? '', children: [] }));
      continue;
    }
    const item = new SceneGridItem({ x, y, width: w, height: h, body: panelOf(panel) });
    const row = children.at(-1);
    if (row instanceof SceneGridRow) row.setState({ children: [...row.state.children, item] });
    else children.push(item);
  }
  return children;
}

function panelOf(panel: PanelJson): VizPanel {
  const { id, title = '', description, type, options = {}, fieldConfig, transformations = [] } = panel;
  const data = queriesOf(panel);
  return new VizPanel({
    ...{ key: `panel-${id}`, title, pluginId: type, options },
    ...(description === undefined ? {} : { description }),
    ...(fieldConfig === undefined ? {} : { fieldConfig }),
    ...(data === undefined ? {} : { $data: new SceneDataTransformer({ $data: data, transformations }) }),
  });
}

function queriesOf({ datasource, targets }: PanelJson): SceneQueryRunner | undefined {
  if (targets === undefined) return undefined;
  return new SceneQueryRunner({
    ...(datasource === undefined ? {} : { datasource }),
    queries: targets,
    // A point of the answer for each third pixel of the widest panel.
    maxDataPoints: 400,
  });
}
