import { createDataFrame, dateTime, FieldType, LoadingState, type DataFrame, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { config, PanelRenderer } from '@grafana/runtime';
import React from 'react';
import { useWidth } from '../../components/useWidth';

const HEIGHT = 200;

interface Props {
  /** Seconds from epoch and nats. */
  path: ReadonlyArray<readonly [number, number | null]>;
  threshold: number;
}

/** How evidence grew, against the threshold. The numbers are in the text below it. */
export function EvidenceChart({ path, threshold }: Props) {
  const [ref, width] = useWidth();
  if (path.length < 2) {
    return null;
  }
  return (
    <div ref={ref} style={{ height: HEIGHT }} aria-hidden="true">
      {width > 0 && (
        <PanelRenderer
          pluginId="timeseries"
          title=""
          width={width}
          height={HEIGHT}
          data={panelData(path, threshold)}
          timeZone={config.bootData?.user?.timezone}
          options={{
            legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
            tooltip: { mode: 'multi', sort: 'none' },
          }}
          fieldConfig={{ defaults: { custom: { lineWidth: 2 } }, overrides: [] }}
        />
      )}
    </div>
  );
}

/** Evidence and threshold over time. */
export function evidenceFrame(path: Props['path'], threshold: number): DataFrame {
  return createDataFrame({
    fields: [
      { name: 'time', type: FieldType.time, values: path.map(([at]) => at * 1000) },
      { name: t('verdict.evidence', 'Evidence'), type: FieldType.number, values: path.map(([, value]) => value) },
      { name: t('verdict.threshold', 'Threshold'), type: FieldType.number, values: path.map(() => threshold) },
    ],
  });
}

function panelData(path: Props['path'], threshold: number): PanelData {
  const from = dateTime(path[0]![0] * 1000);
  const to = dateTime(path[path.length - 1]![0] * 1000);
  return {
    state: LoadingState.Done,
    series: [evidenceFrame(path, threshold)],
    timeRange: { from, to, raw: { from, to } },
  };
}
