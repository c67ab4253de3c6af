import { PanelPlugin, type PanelPluginMeta, type PanelProps } from '@grafana/data';
import type { ComponentType } from 'react';
import { StatPanel } from './StatPanel';
import { StateTimelinePanel } from './StateTimelinePanel';
import { TablePanel } from './TablePanel';
import { TextPanel } from './TextPanel';
import { TimeSeriesPanel } from './TimeSeriesPanel';

/** How fields are drawn: what a panel registers is what may reach it. */
const DRAWING = [
  ...['drawStyle', 'lineInterpolation', 'lineWidth', 'fillOpacity', 'gradientMode', 'lineStyle', 'spanNulls'],
  ...['showPoints', 'pointSize', 'stacking', 'axisPlacement', 'axisLabel', 'axisColorMode', 'scaleDistribution'],
  ...['barAlignment', 'barWidthFactor', 'hideFrom', 'thresholdsStyle', 'minWidth', 'width', 'align', 'filterable'],
];
const none = () => null;
const keep = (value: unknown) => value;

function standIn(id: string, name: string, panel: ComponentType<PanelProps>): PanelPlugin {
  const plugin = new PanelPlugin(panel).useFieldConfig({
    useCustomConfig: (builder) => {
      for (const path of DRAWING) {
        builder.addCustomEditor({
          id: path,
          path,
          name: path,
          editor: none,
          override: none,
          process: keep,
          shouldApply: () => true,
          settings: {},
        });
      }
    },
  });
  plugin.meta = { id, name, type: 'panel', sort: 1, module: '', baseUrl: '', info: {} } as unknown as PanelPluginMeta;
  return plugin;
}

let panels: { [id: string]: PanelPlugin } | undefined;

/** A stand-in for a panel of Grafana's core, which is in no package, drawn with Grafana's own components; undefined for others. */
export function corePanel(id: string): PanelPlugin | undefined {
  // Made when first asked for: panels look at registries that start-up fills.
  panels ??= {
    timeseries: standIn('timeseries', 'Time series', TimeSeriesPanel as ComponentType<PanelProps>).setDataSupport({
      annotations: true,
    }),
    stat: standIn('stat', 'Stat', StatPanel as ComponentType<PanelProps>),
    table: standIn('table', 'Table', TablePanel),
    text: standIn('text', 'Text', TextPanel as ComponentType<PanelProps>),
    'state-timeline': standIn('state-timeline', 'State timeline', StateTimelinePanel as ComponentType<PanelProps>),
  };
  return panels[id];
}
