import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { applySpec } from './apply-spec.js';
import { REF_IDS } from './spec.js';
import type { PanelSpec } from './spec.js';

/** How a chart is drawn beside what each panel has. */
export interface ChartOptions {
  stacked?: boolean;
  /** Index of the query that is the upper end of an interval, and of the one that is its lower end. */
  interval?: { lower: number; upper: number };
  /** Index of the query that is a limit. */
  limit?: number;
  /** Colours that mean something, by the end of the name of a series: the palette would show a healthy state in red. */
  colors?: { readonly [ending: string]: 'green' | 'orange' | 'red' };
}

/** Values over time. */
export function timeSeries(
  spec: PanelSpec,
  { stacked, interval, limit, colors = {} }: ChartOptions = {},
): PanelBuilder {
  const panel = applySpec(new PanelBuilder(), spec, 'range')
    .lineWidth(1)
    .fillOpacity(stacked === true ? 30 : 8)
    .showPoints(VisibilityMode.Never)
    .spanNulls(false)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        // A quarter of the width has no room for two numbers.
        .calcs(spec.width < 8 ? ['max'] : ['lastNotNull', 'max'])
        // Few lines are seen without scrolling: those of what happened, not those of every reason that did not occur.
        .sortBy('Max')
        .sortDesc(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (stacked === true) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (spec.limits !== undefined)
    panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  if (interval !== undefined)
    for (const end of [interval.lower, interval.upper])
      panel.overrideByQuery(REF_IDS[end]!, [
        { id: 'custom.lineStyle', value: { fill: 'dash', dash: [4, 6] } },
        { id: 'custom.fillOpacity', value: 0 },
        { id: 'custom.hideFrom', value: { legend: true, tooltip: false, viz: false } },
      ]);
  if (limit !== undefined)
    panel.overrideByQuery(REF_IDS[limit]!, [
      { id: 'color', value: { mode: 'fixed', fixedColor: 'red' } },
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } },
      { id: 'custom.fillOpacity', value: 0 },
    ]);
  for (const [ending, fixedColor] of Object.entries(colors))
    panel.overrideByRegexp(`/${ending}$/`, [{ id: 'color', value: { mode: 'fixed', fixedColor } }]);
  return panel;
}
