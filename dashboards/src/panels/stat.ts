import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { applySpec } from './apply-spec.js';
import type { PanelSpec } from './spec.js';

/** One number, or with `names` the names of its series. */
export function stat(spec: Omit<PanelSpec, 'height'> & { names?: boolean }): PanelBuilder {
  return applySpec(new PanelBuilder(), { ...spec, height: 4 }, 'instant')
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(spec.names === true ? BigValueTextMode.Name : BigValueTextMode.Auto)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}
