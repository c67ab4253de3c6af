import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import {
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardLinkBuilder, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from '../variables.js';
import { describe, REF_IDS } from './spec.js';
import type { PanelSpec } from './spec.js';

/** A builder of a panel that is put into a dashboard. */
export interface PanelBuilder {
  build(): Panel;
}

interface Common<Self> extends PanelBuilder {
  id(id: number): Self;
  title(title: string): Self;
  description(description: string): Self;
  datasource(datasource: typeof DATASOURCE): Self;
  height(h: number): Self;
  span(w: number): Self;
  unit(unit: string): Self;
  decimals(decimals: number): Self;
  noValue(noValue: string): Self;
  min(min: number): Self;
  max(max: number): Self;
  thresholds(thresholds: ThresholdsConfigBuilder): Self;
  colorScheme(color: FieldColorBuilder): Self;
  dataLinks(links: DashboardLinkBuilder[]): Self;
  withTarget(target: DataqueryBuilder): Self;
}

/** Units of what is never negative: their axes begin at 0. */
const FROM_ZERO: readonly string[] = ['locale', 'cps', 's'];

/** How the queries of a panel are asked: over the time range, or for its end as a table or a number. */
export type Asked = 'range' | 'instant' | 'table';

/** Puts into a builder what every panel of ours has. */
export function applySpec<Builder extends Common<Builder>>(builder: Builder, spec: PanelSpec, asked: Asked): Builder {
  builder
    .id(spec.id)
    .title(spec.title)
    .description(describe(spec))
    .datasource(DATASOURCE)
    .span(spec.width)
    .height(spec.height ?? 8)
    .unit(spec.unit)
    .noValue(spec.noData);
  // `increase()` extrapolates to the ends of the range; nobody acted on 8.39 calls, and 3,536 of them are not "4 K".
  if (spec.unit === 'locale') builder.decimals(0);
  // A count that moves between one and two must not look as if it began at nothing.
  if (asked === 'range' && FROM_ZERO.includes(spec.unit)) builder.min(0);
  if (spec.unit === 'percentunit') builder.min(0).max(spec.max ?? 1);
  for (const [index, query] of spec.queries.entries()) {
    const target = new DataqueryBuilder().refId(REF_IDS[index]!).expr(query.expr).datasource(DATASOURCE);
    target.legendFormat(query.legend ?? '__auto');
    if (asked === 'range') target.range();
    else target.instant();
    if (asked === 'table') target.format(PromQueryFormat.Table);
    if (query.exemplar === true) target.exemplar(true);
    builder.withTarget(target);
  }
  if (spec.limits !== undefined) {
    const steps = spec.limits.map(({ from, color }) => ({ value: from, color }));
    builder.thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps));
    if (asked !== 'range') builder.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
  }
  if (spec.links !== undefined) builder.dataLinks([...spec.links]);
  return builder;
}
