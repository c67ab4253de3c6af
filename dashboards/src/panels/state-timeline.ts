import {
  LegendDisplayMode,
  LegendPlacement,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { applySpec } from './apply-spec.js';
import type { PanelSpec } from './spec.js';

/** States over time: 0 and what is above it, each with a word and a colour. */
export function stateTimeline(
  spec: PanelSpec,
  words: { readonly zero: string; readonly more: string; readonly bad: 'zero' | 'more' | 'none' },
): PanelBuilder {
  const color = (which: 'zero' | 'more'): string =>
    words.bad === which ? 'red' : words.bad === 'none' && which === 'more' ? 'blue' : 'green';
  return applySpec(new PanelBuilder(), spec, 'range')
    .mappings([
      { type: MappingType.ValueToText, options: { '0': { text: words.zero, color: color('zero'), index: 0 } } },
      {
        type: MappingType.RangeToText,
        options: {
          from: 0.5,
          to: null as unknown as number,
          result: { text: words.more, color: color('more'), index: 1 },
        },
      },
    ])
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .rowHeight(0.8)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    );
}
